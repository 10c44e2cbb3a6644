import type { ClusterDocument } from '../model/index.ts';
import type { Action } from '../engine/scheduler/actions/action.ts';

/** One step that was taken. */
export interface ExecutedStep {
  readonly action: Action;
  /** `pseudo`: nothing was to be done. `cluster`: done by the controller itself. */
  readonly kind: 'pseudo' | 'resource' | 'cluster' | 'fencing';
  /** The key under which the node knows the operation: `drbd_promote_0`. */
  readonly key: string;
  /** Under which name: `disk`, or `disk:0` where the node knows the instance by its number. */
  readonly resource: string | undefined;
  /** The agent's exit code; `undefined` where no agent was run. */
  readonly exitCode: number | undefined;
  /** It did not have the result that was wanted. */
  readonly isFailed: boolean;
}

/** What became of a transition. */
export interface Execution {
  /** The cluster afterwards. */
  readonly document: ClusterDocument;
  readonly steps: readonly ExecutedStep[];
  /** `stopped`: ended after a failure. `stuck`: steps wait for each other, or for what is not part of the transition. */
  readonly outcome: 'complete' | 'stopped' | 'stuck';
}
