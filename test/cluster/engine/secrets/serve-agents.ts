import { fenceAgents } from '../../../../agents/index.ts';
import { serveAgentHost } from '../../../../src/platform/agent-host/serve.ts';
import { fileAgents } from '../agents.ts';
import type { Place } from '../place.ts';

/** Resources that need no kernel, and every fence agent of the product. */
export const serveAgents = (place: Place): void =>
  serveAgentHost({ agents: fileAgents(place), fenceAgents, node: place.node });
