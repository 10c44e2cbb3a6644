import type { Finding } from '../../../model/index.ts';
import type { ActionBuilder, ActionTable } from '../actions/table.ts';
import type { Assigned } from '../assign/assigned.ts';

/** The fourth phase: every action that might be taken, what hangs on what, and which of them are required. */
export interface Ordered {
  readonly assigned: Assigned;
  readonly actions: ActionTable;
  /** For the notifications of clones, which are made while the graph is drawn. */
  readonly builder: ActionBuilder;
  readonly findings: readonly Finding[];
}
