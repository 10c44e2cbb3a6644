import { problem, type Problem } from '../../model/index.ts';
import type { EngineState } from '../controller/state.ts';
import { holdUp } from '../quorum/witness-change.ts';

/** A change of the witness that is under way, and what holds it up. */
export function witnessProblems(state: EngineState): readonly Problem[] {
  const { witnessChange, operations } = state.config.current;
  if (witnessChange === undefined) return [];
  const { kind, witness, operation } = witnessChange;
  const cause = holdUp(state, witnessChange);
  const what = `The witness ${witness.address} is being ${kind === 'witness.add' ? 'added' : 'removed'}`;
  const progress = operations[operation]?.progress ?? 'it is begun';
  const end = kind === 'witness.add' ? ' `keelson witness remove` ends it.' : '';
  return [
    problem(
      'witness_changing',
      `${what}: ${progress}${cause === undefined ? '' : `; ${cause.message}`}`,
      cause === undefined ? 'Wait.' : `Mend that; it goes on by itself.${end}`,
    ),
  ];
}
