import type { Board } from '../board.ts';
import type { Random } from '../random.ts';
import { anyMachine, type Fault } from './fault.ts';

/** Something is wrong with one board for a while. */
const broken = (
  weight: number,
  what: string,
  flaw: (board: Board, isThere: boolean) => void,
  lasts: (random: Random) => number,
): Fault => ({
  weight,
  strike(world, random) {
    const machine = anyMachine(world, random);
    const board = random.pick(world.devices(machine));
    flaw(board, true);
    return [{ name: `board of ${board.of} ${what}`, mend: () => flaw(board, false), lasts: lasts(random) }];
  },
});

const usual = (random: Random): number => random.between(3000, 90_000);

export const unreachableBoard = broken(
  2,
  'unreachable',
  (board, isThere) => {
    board.reachable = !isThere;
  },
  usual,
);

export const slowBoard = broken(
  1,
  'slow',
  (board, isThere) => {
    board.slow = isThere;
  },
  usual,
);

export const failingBoard = broken(
  1,
  'refuses to switch',
  (board, isThere) => {
    board.failing = isThere;
  },
  usual,
);

export const hangingBoard = broken(
  1,
  'takes orders and never answers',
  (board, isThere) => {
    board.hanging = isThere;
  },
  usual,
);

/** It says that it switched, and did not. No engine can see through that. */
export const lyingBoard = broken(
  1,
  'lies',
  (board, isThere) => {
    board.lying = isThere;
  },
  (random) => random.between(3000, 30_000),
);
