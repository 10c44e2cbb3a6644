import type { ClusterConfig, Failure, Milliseconds, OperationRecord } from '../../model/index.ts';
import { leaveOut } from './leave-out.ts';

/** Finished operations that are kept for `GET /operations/:id`; older ones are forgotten. */
const OPERATIONS_KEPT = 100;

/** With one more that runs; the oldest of those that have ended are forgotten. */
export function begin(
  config: ClusterConfig,
  operation: Pick<OperationRecord, 'id' | 'kind' | 'subject' | 'progress'>,
  at: Milliseconds,
): ClusterConfig['operations'] {
  const finished = Object.values(config.operations)
    .filter(({ state }) => state !== 'running')
    .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  const forgotten = new Set(
    finished.slice(0, Math.max(0, finished.length - OPERATIONS_KEPT)).map(({ id }) => id),
  );
  const kept = Object.fromEntries(Object.entries(config.operations).filter(([id]) => !forgotten.has(id)));
  return {
    ...kept,
    [operation.id]: {
      ...operation,
      state: 'running',
      createdAt: at,
      finishedAt: undefined,
      failure: undefined,
    },
  };
}

/** Without a cause it has succeeded. One that does not run is left as it is. */
export function finish(
  config: ClusterConfig,
  id: string,
  at: Milliseconds,
  cause: Failure | undefined,
): ClusterConfig {
  const operation = config.operations[id];
  if (operation?.state !== 'running') return config;
  const finished: OperationRecord = {
    ...leaveOut(operation, 'progress'),
    state: cause === undefined ? 'succeeded' : 'failed',
    finishedAt: at,
    failure: cause,
  };
  return { ...config, operations: { ...config.operations, [id]: finished } };
}
