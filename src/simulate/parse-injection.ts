import { failed, failure, success, type Result } from '../model/index.ts';
import { parseActionKey } from '../engine/scheduler/actions/key.ts';
import { parseBoolean, tryInterval } from '../engine/scheduler/rules/values.ts';
import type { InjectedResult, Injection } from './injection.ts';

/** Operations that an agent can be asked for. */
const OPERATIONS = new Set([
  'start',
  'stop',
  'monitor',
  'promote',
  'demote',
  'migrate_to',
  'migrate_from',
  'reload',
  'reload-agent',
]);

const bad = (message: string): Result<never> => failed(failure('event_invalid', message));

/** `RESOURCE_OPERATION_INTERVAL@NODE=CODE`, the interval in milliseconds: `memcached_monitor_20000@node1=7`. */
export const parseResult = (text: string): Result<InjectedResult> => {
  const parts = /^([^@]+)@([^=]+)=(-?\d+)$/.exec(text);
  const key = parseActionKey(parts?.[1] ?? '');
  const node = parts?.[2];
  if (node === undefined || key === undefined) {
    return bad(`'${text}' is not of the form RESOURCE_OPERATION_INTERVAL@NODE=CODE`);
  }
  if (!OPERATIONS.has(key.task)) return bad(`'${text}' names the unknown operation '${key.task}'`);
  const exitCode = Number(parts?.[3]);
  if (exitCode < 0 || exitCode > 255) return bad(`'${text}' has an exit code that is not within 0 to 255`);
  return success({ resource: key.id, operation: key.task, interval: key.interval, node, exitCode });
};

/** Options of the command line with the form of their value; those of crm_simulate have its names. */
export const injectionOptions = {
  'node-up': 'NODE',
  'node-down': 'NODE',
  'node-fail': 'NODE',
  standby: 'NODE',
  online: 'NODE',
  result: 'RESOURCE_OPERATION_INTERVAL@NODE=CODE',
  fail: 'RESOURCE[@NODE]',
  quorum: 'yes|no',
  'ticket-grant': 'TICKET',
  'ticket-revoke': 'TICKET',
  'ticket-standby': 'TICKET',
  'ticket-activate': 'TICKET',
  'time-passes': 'DURATION',
} as const satisfies Record<string, string>;

export type InjectionOption = keyof typeof injectionOptions;

/** What an option of the command line asks for. Whether nodes and resources exist is seen when it is done. */
export const parseInjection = (option: InjectionOption, value: string): Result<Injection> => {
  if (value === '') return bad(`--${option} needs ${injectionOptions[option]}`);
  switch (option) {
    case 'node-up':
      return success({ kind: 'node', node: value, change: 'up' });
    case 'node-down':
      return success({ kind: 'node', node: value, change: 'down' });
    case 'node-fail':
      return success({ kind: 'node', node: value, change: 'failed' });
    case 'standby':
      return success({ kind: 'standby', node: value, isStandby: true });
    case 'online':
      return success({ kind: 'standby', node: value, isStandby: false });
    case 'result': {
      const result = parseResult(value);
      return result.ok ? success({ kind: 'result', result: result.value }) : result;
    }
    case 'fail': {
      const [, resource = value, node] = /^([^@]+)@(.+)$/.exec(value) ?? [];
      return success({ kind: 'resource-failure', resource, node });
    }
    case 'quorum': {
      const isQuorate = parseBoolean(value);
      return isQuorate === undefined
        ? bad(`--quorum is yes or no, not '${value}'`)
        : success({ kind: 'quorum', isQuorate });
    }
    case 'ticket-grant':
      return success({ kind: 'ticket', ticket: value, change: 'grant' });
    case 'ticket-revoke':
      return success({ kind: 'ticket', ticket: value, change: 'revoke' });
    case 'ticket-standby':
      return success({ kind: 'ticket', ticket: value, change: 'standby' });
    case 'ticket-activate':
      return success({ kind: 'ticket', ticket: value, change: 'activate' });
    case 'time-passes': {
      const milliseconds = tryInterval(value);
      return milliseconds === undefined
        ? bad(`--time-passes takes a span of time such as 90s or 10min, not '${value}'`)
        : success({ kind: 'time', seconds: Math.floor(milliseconds / 1000) });
    }
  }
};
