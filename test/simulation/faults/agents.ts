import { anyMachine, type Fault } from './fault.ts';

/** Operations fail, fail after their work, hang, or are slow. */
export const agentTrouble: Fault = {
  weight: 2,
  strike(world, random) {
    const machine = anyMachine(world, random);
    machine.agents.trouble = random.pick([0.02, 0.1, 0.4]);
    return [
      {
        name: `agents of ${machine.name} in trouble`,
        mend: () => {
          machine.agents.trouble = 0;
        },
        lasts: random.between(3000, 40_000),
      },
    ];
  },
};

/** Some operations say what they were asked for, and did or saw nothing of it. */
export const lyingAgents: Fault = {
  weight: 1,
  strike(world, random) {
    const machine = anyMachine(world, random);
    machine.agents.lying = random.pick([0.05, 0.3]);
    return [
      {
        name: `agents of ${machine.name} lie`,
        mend: () => {
          machine.agents.lying = 0;
        },
        lasts: random.between(2000, 20_000),
      },
    ];
  },
};

/** Something that an agent needs is missing on one machine, or on both: all its starts fail until it is put there. */
export const brokenAgent: Fault = {
  weight: 1,
  strike(world, random) {
    const agent = random.pick(['lvm', 'lio-target', 'lio-lun', 'address'] as const);
    const machines = random.chance(0.5) ? world.machines : [anyMachine(world, random)];
    const lasts = random.between(3000, 60_000);
    return machines.map((machine) => {
      machine.agents.broken.add(agent);
      return {
        name: `agent ${agent} of ${machine.name} cannot start anything`,
        mend: () => machine.agents.broken.delete(agent),
        lasts,
      };
    });
  },
};
