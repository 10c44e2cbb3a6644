import type { Action } from '../../actions/action.ts';
import type { ActionBuilder } from '../../actions/table.ts';
import type { Node } from '../../unpack/node.ts';
import type { Resource } from '../../unpack/resource.ts';
import type { CloneTallies } from './clone-tally.ts';
import type { Tally } from './tally.ts';
import type { Wide } from './wide.ts';

/** What is kept while flags are worked out, so that nothing is looked up or summed up twice. */
export interface Solver {
  readonly builder: ActionBuilder;
  /** By group, by what its members do. */
  readonly tallies: Map<Resource, Map<string, Tally>>;
  /** By clone of a primitive. */
  readonly cloneTallies: Map<Resource, CloneTallies>;
  /** What stands for an action where others wait for it; see `endingOf`. */
  readonly endings: Map<Action, Action>;
  /** By group: the one node where it will be. */
  readonly places: Map<Resource, Node | undefined>;
  /** By action and position of the link in `before`: the flags with which the link changed nothing. */
  readonly settled: Map<Action, number[]>;
  /** Actions that wait for very many others. */
  readonly wides: Map<Action, Wide>;
}

export function createSolver(builder: ActionBuilder): Solver {
  return {
    builder,
    tallies: new Map(),
    cloneTallies: new Map(),
    endings: new Map(),
    places: new Map(),
    settled: new Map(),
    wides: new Map(),
  };
}

/**
 * A piece of work that is interrupted to have other work done first: it hands that over, and goes on when it is over.
 * `run` keeps what waits on a list of its own, so that chains of any length can be worked through.
 */
export interface Work extends Generator<Work, void> {
  next: () => IteratorResult<Work, void>;
}

export function run(work: Work): void {
  const waiting = [work];
  for (let top = waiting.at(-1); top !== undefined; top = waiting.at(-1)) {
    const step = top.next();
    if (step.done === true) waiting.pop();
    else waiting.push(step.value);
  }
}

/** As `Work`, with a result. */
export type Working<Result> = Generator<Work, Result, void>;
