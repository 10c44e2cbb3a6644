import { serveAgentHost } from '../../../src/platform/agent-host/serve.ts';
import { fileAgents } from './agents.ts';
import { switchAgent } from './fence-agent.ts';
import type { Place } from './place.ts';

/** The agent host of a node, with agents of the same names and contracts as the product's. */
export const serveAgents = (place: Place): void =>
  serveAgentHost({ agents: fileAgents(place), fenceAgents: [switchAgent(place)], node: place.node });
