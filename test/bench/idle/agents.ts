import {
  failed,
  failure,
  type AgentName,
  type Observation,
  type OperationName,
  type Parameters,
  type Result,
} from '../../../src/model/index.ts';

/** What the agents of one node have made; it answers as the real ones do, and as long. */
export interface Made {
  perform(agent: AgentName, operation: OperationName, parameters: Parameters): Result<Observation>;
}

/** Agents that need no kernel: what was started runs. */
export function createMade(): Made {
  const states = new Map<string, Observation['state']>();
  return {
    perform(agent, operation, parameters) {
      const key = `${agent} ${nameOf(agent, parameters)}`;
      const state = after(operation, states.get(key) ?? 'stopped');
      if (state === undefined) return failed(failure('agent_unsupported', `${agent} has no ${operation}`));
      states.set(key, state);
      return { ok: true, value: observe(agent, state, parameters) };
    },
  };
}

const NAMES: Readonly<Record<AgentName, string>> = {
  drbd: 'pool',
  lvm: 'volumeGroup',
  'lvm-snapshot': 'snapshot',
  'lio-target': 'iqn',
  'lio-lun': 'lun',
  address: 'address',
};

const nameOf = (agent: AgentName, parameters: Parameters): string => text(parameters[NAMES[agent]]);

const text = (value: Parameters[string] | undefined): string => (typeof value === 'string' ? value : '');

function after(operation: OperationName, state: Observation['state']): Observation['state'] | undefined {
  switch (operation) {
    case 'monitor':
    case 'reload':
      return state;
    case 'start':
      return state === 'promoted' ? state : 'running';
    case 'demote':
      return 'running';
    case 'promote':
      return 'promoted';
    case 'stop':
      return 'stopped';
    case 'create':
    case 'grow':
    case 'remove':
    case 'reconnect':
      return undefined;
  }
}

/** With as many facts as the real agents tell. */
function observe(agent: AgentName, state: Observation['state'], parameters: Parameters): Observation {
  if (state === 'stopped') return { state };
  switch (agent) {
    case 'drbd':
      return {
        state,
        promotionScore: 10_000,
        facts: {
          role: state === 'promoted' ? 'Primary' : 'Secondary',
          disk: 'UpToDate',
          peerDisk: 'UpToDate',
          connection: 'Connected',
          suspended: 'no',
        },
      };
    case 'lvm':
      return { state, facts: { volumes: 500, sizeBytes: 2 ** 42, freeBytes: 2 ** 40 } };
    case 'lio-lun':
      return { state, facts: { device: '254:77', serial: text(parameters['serial']), mapped: 4 } };
    case 'lio-target':
      return { state, facts: { portals: 2, initiators: 4 } };
    case 'lvm-snapshot':
      return { state };
    case 'address':
      return { state, facts: { interface: 'san0' } };
  }
}
