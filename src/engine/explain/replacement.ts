import { failures, problem, type Problem } from '../../model/index.ts';
import type { EngineState } from '../controller/state.ts';
import { filling, holdUpOfReplacement, type HoldUp } from '../replacement/progress.ts';

/** Disks that are being replaced, how far they are filled, and what holds it up. */
export function replacementProblems(state: EngineState): readonly Problem[] {
  const { replacement, operations } = state.config.current;
  if (replacement === undefined) return [];
  const { node, machine, disks, operation } = replacement;
  const cause = holdUpOfReplacement(state, replacement);
  const more = cause?.message ?? filling(state, replacement);
  const progress = operations[operation]?.progress ?? 'it is begun';
  return [
    problem(
      'node_replacing',
      `${machine === true ? `The machine of ${node} is being replaced, with` : `The disk of ${node} is being replaced by`} ${Object.values(disks).join(', ')}: ${progress}${more === undefined ? '' : `; ${more}`}`,
      cause === undefined ? 'Wait.' : nextOf(cause),
    ),
  ];
}

const nextOf = ({ code, next }: HoldUp): string =>
  next ?? (code === undefined ? 'Bring that node back; it goes on by itself.' : failures[code].next);
