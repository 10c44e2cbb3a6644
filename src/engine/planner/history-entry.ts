import type { HistoryEntry } from '../../model/index.ts';

/** Exit codes of agents (OCF Resource Agent API). */
export const OK = 0;
export const ERROR = 1;
export const NOT_RUNNING = 7;

/** Carried out, and not with the result that was expected (`op-status`). */
const FAILED = 4;

/** Stands for every digest of what is as its definition says. The scheduler gets it from its `md5` too. */
export const SAME_PARAMETERS = 'same';
const OTHER_PARAMETERS = 'other';

/** The record of something that runs with parameters other than those of its definition. */
export function withChange(entry: HistoryEntry, change: 'none' | 'reload' | 'restart'): HistoryEntry {
  if (change === 'none') return entry;
  const digests = {
    'op-digest': OTHER_PARAMETERS,
    // That there is one says that the agent can reload; what it is of needs a restart.
    'op-restart-digest': change === 'restart' ? OTHER_PARAMETERS : SAME_PARAMETERS,
  };
  return { ...entry, fields: { ...entry.fields, ...digests } };
}

/** One operation as a node records it; `call`: which one it was, from 1. */
export const entry = (
  resource: string,
  operation: string,
  exit: number,
  expected = exit,
  call = 1,
): HistoryEntry => ({
  id: `${resource}_last_0`,
  operation,
  fields: {
    operation_key: `${resource}_${operation}_0`,
    interval: '0',
    'call-id': String(call),
    'rc-code': String(exit),
    'op-status': String(exit === expected ? OK : FAILED),
    'transition-key': `1:1:${expected}:keelson`,
    'op-digest': SAME_PARAMETERS,
    crm_feature_set: '3.16.1',
  },
});
