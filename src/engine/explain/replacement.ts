import { failures, problem, type Problem } from '../../model/index.ts';
import type { EngineState } from '../controller/state.ts';
import { filling, holdUpOfReplacement } from '../replacement/progress.ts';

/** Disks that are being replaced, how far they are filled, and what holds it up. */
export function replacementProblems(state: EngineState): readonly Problem[] {
  const { replacement, operations } = state.config.current;
  if (replacement === undefined) return [];
  const { node, disks, operation } = replacement;
  const cause = holdUpOfReplacement(state, replacement);
  const more = cause?.message ?? filling(state, replacement);
  const progress = operations[operation]?.progress ?? 'it is begun';
  return [
    problem(
      'node_replacing',
      `The disk of ${node} is being replaced by ${Object.values(disks).join(', ')}: ${progress}${more === undefined ? '' : `; ${more}`}`,
      cause === undefined
        ? 'Wait.'
        : cause.code === undefined
          ? 'Bring that node back; it goes on by itself.'
          : failures[cause.code].next,
    ),
  ];
}
