import type { Blocked, NodeName } from '../../model/index.ts';

/** Where a resource shall be; the way there is the next phase's. */
export interface Placement {
  /** At most one for a primitive. */
  readonly nodes: readonly NodeName[];
  readonly promoted: NodeName | undefined;
  /** `false`: what does not run yet must wait, whatever `nodes` says. */
  readonly mayStart: boolean;
  /** Why it shall be there, or nowhere: a clause for the reasons of actions. */
  readonly because: string;
  readonly blocked: readonly Blocked[];
}

export const nowhere = (because: string, blocked: readonly Blocked[] = []): Placement => ({
  nodes: [],
  promoted: undefined,
  mayStart: false,
  because,
  blocked,
});
