import type { ActionBuilder } from '../actions/table.ts';
import type { Resource } from '../unpack/resource.ts';
import { createSolver } from './update/solver.ts';
import { countingFlags } from './update/summary.ts';

/** What a clone as a whole has to do and can do, from its instances once more: before it is drawn. */
export function refreshCloneFlags(builder: ActionBuilder, clone: Resource): void {
  const solver = createSolver(builder);
  for (const action of builder.of(clone).toReversed()) countingFlags(solver, action, undefined);
}
