import type { HistoryEntry } from '../../model/index.ts';

/** Exit codes of agents (OCF Resource Agent API). */
export const OK = 0;
export const ERROR = 1;
export const NOT_RUNNING = 7;

/** Carried out, and not with the result that was expected (`op-status`). */
const FAILED = 4;

/**
 * Stands for every digest: a changed parameter restarts nothing, because native agents apply it while they run. The
 * scheduler gets it from its `md5` too.
 */
export const SAME_PARAMETERS = 'same';

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
