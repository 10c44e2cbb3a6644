import { appendFileSync } from 'node:fs';
import { createIpmiFenceAgent } from '../../../agents/fence-ipmi/agent.ts';
import { serveAgentHost } from '../../../src/platform/agent-host/serve.ts';
import type { FenceAgent } from '../../../src/ports/index.ts';
import { fileAgents } from '../../cluster/engine/agents.ts';
import type { Place } from '../../cluster/engine/place.ts';

/** One call of a device, as the agent host saw it; milliseconds of the time of day. */
export interface DeviceCall {
  readonly verb: string;
  readonly began: number;
  readonly ended: number;
}

export const callsOf = (journal: string): string => `${journal}-device-calls`;

const now = (): number => performance.timeOrigin + performance.now();

/** The product's own agent; beside what it does, how long it took is written down. */
const timed = (agent: FenceAgent, file: string): FenceAgent => ({
  name: agent.name,
  async perform(verb, parameters, context) {
    const began = now();
    const result = await agent.perform(verb, parameters, context);
    const call: DeviceCall = { verb, began, ended: now() };
    appendFileSync(file, `${JSON.stringify(call)}\n`);
    return result;
  },
});

/** The agent host of a node: resources that need no kernel, and the real agent for management boards. */
export const serveAgents = (place: Place): void =>
  serveAgentHost({
    agents: fileAgents(place),
    fenceAgents: [timed(createIpmiFenceAgent(), callsOf(place.journal))],
    node: place.node,
  });
