import type { Flaw } from '../agent-trouble.ts';
import type { Random } from '../random.ts';
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

const AGENTS = ['lvm', 'lio-target', 'lio-lun', 'address'] as const;
/** Its command is missing; what follows the work itself fails; the memory that it needs is more than there is. */
const WRONG: readonly Flaw['trouble'][] = ['fails', 'fails-late', 'kills'];

/** The same goes wrong with an agent each time, on one machine or on both, until somebody puts it right; `longest`: in milliseconds. */
const broken = (weight: number, what: string, longest: number, flaw: (random: Random) => Flaw): Fault => ({
  weight,
  strike(world, random) {
    const agent = random.pick(AGENTS);
    const machines = random.chance(0.5) ? world.machines : [anyMachine(world, random)];
    const lasts = random.between(3000, longest);
    const drawn = flaw(random);
    return machines.map((machine) => {
      machine.agents.broken.set(agent, drawn);
      return {
        name: `agent ${agent} of ${machine.name} ${what} (${drawn.trouble})`,
        mend: () => machine.agents.broken.delete(agent),
        lasts,
      };
    });
  },
});

export const brokenAgent = broken(2, 'cannot start anything', 60_000, (random) => ({
  of: 'start',
  trouble: random.pick(WRONG),
}));

/** Of which the engine cannot know whether it still runs: whoever has such a node is to have it fenced. */
export const lastingAgent = broken(1, 'cannot stop anything', 60_000, (random) => ({
  of: 'stop',
  trouble: random.pick(WRONG),
}));

/** What it has started runs on, and cannot be looked at. */
export const blindAgent = broken(2, 'sees nothing', 120_000, () => ({ of: 'look', trouble: 'fails' }));
