import type { Action } from '../actions/action.ts';
import type { Ordered } from '../order/ordered.ts';

/** The last phase: what will be done, each step with those that must be over before it. */
export interface Transition {
  readonly ordered: Ordered;
  /** In the order of creation; `synapse` of Pacemaker's graph: one action and its inputs. */
  readonly steps: readonly Step[];
}

export interface Step {
  readonly action: Action;
  /** Drawn inputs. */
  readonly after: readonly Action[];
  readonly priority: number;
}
