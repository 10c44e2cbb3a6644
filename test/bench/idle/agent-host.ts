/** Program: an agent host as keelsond starts it, with agents that need no kernel. */
import { success, type AgentName } from '../../../src/model/index.ts';
import type { Agent } from '../../../src/ports/index.ts';
import { serveAgentHost } from '../../../src/platform/agent-host/serve.ts';
import { createMade } from './agents.ts';

const made = createMade();
const names: readonly AgentName[] = ['drbd', 'lvm', 'lio-target', 'lio-lun', 'address'];

const agents = names.map((name): Agent => {
  const perform =
    (operation: Parameters<typeof made.perform>[1]) => (parameters: Parameters<typeof made.perform>[2]) =>
      Promise.resolve(made.perform(name, operation, parameters));
  return {
    name,
    monitor: perform('monitor'),
    start: perform('start'),
    stop: perform('stop'),
    promote: perform('promote'),
    demote: perform('demote'),
    watch: (_parameters, context) =>
      new Promise((resolve) => context.signal.addEventListener('abort', () => resolve())),
  };
});

serveAgentHost({
  agents,
  fenceAgents: [
    { name: 'fence-ipmi', perform: (verb) => Promise.resolve(success(verb === 'off' ? 'off' : 'on')) },
  ],
  node: process.argv[2] ?? '',
});
