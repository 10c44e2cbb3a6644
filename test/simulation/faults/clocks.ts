import { anyMachine, type Fault } from './fault.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const YEAR = 365 * 24 * HOUR;

/** Somebody sets the clock of a machine, or it was wrong from the start; later it jumps back. */
export const clockJump: Fault = {
  weight: 1,
  strike(world, random) {
    const machine = anyMachine(world, random);
    const size = random.pick([2 * SECOND, 90 * SECOND, HOUR, YEAR]);
    const wrongBy = random.chance(0.5) ? size : -size;
    machine.setClock(wrongBy);
    return [
      {
        name: `clock of ${machine.name} wrong by ${wrongBy / SECOND} s`,
        mend: () => machine.setClock(0),
        lasts: random.between(1000, 120_000),
      },
    ];
  },
};
