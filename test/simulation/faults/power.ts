import { anyMachine, type Fault } from './fault.ts';

/** One machine loses its power, and gets it back after a while. */
export const powerCut: Fault = {
  weight: 3,
  strike(world, random) {
    const machine = anyMachine(world, random);
    machine.cut();
    return [
      {
        name: `power of ${machine.name} cut`,
        mend: () => machine.restore(),
        lasts: random.between(500, 60_000),
      },
    ];
  },
};

/** Both machines lose their power at the same moment; it comes back to each in its own time. */
export const blackout: Fault = {
  weight: 1,
  strike(world, random) {
    for (const machine of world.machines) machine.cut();
    return world.machines.map((machine) => ({
      name: `power of ${machine.name} cut`,
      mend: () => machine.restore(),
      lasts: random.between(500, 60_000),
    }));
  },
};
