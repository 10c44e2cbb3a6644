import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import { anyMachine, shortOrLong, type Damage, type Fault } from './fault.ts';

const cutCluster = (world: World, lasts: number): Damage => {
  world.corosync.setLink(false);
  return { name: 'cluster network cut', mend: () => world.corosync.setLink(true), lasts };
};

const cutReplication = (world: World, lasts: number): Damage => {
  world.mirror.setLink(false);
  return { name: 'replication network cut', mend: () => world.mirror.setLink(true), lasts };
};

const long = (random: Random): number => random.between(500, 40_000);

export const clusterLink: Fault = {
  weight: 2,
  strike: (world, random) => [cutCluster(world, shortOrLong(random, 100, 3000, 40_000))],
};

export const replicationLink: Fault = {
  weight: 2,
  strike: (world, random) => [cutReplication(world, long(random))],
};

/** One switch carried both; they need not come back together. */
export const bothLinks: Fault = {
  weight: 2,
  strike(world, random) {
    const together = random.chance(0.5) ? long(random) : undefined;
    return [cutCluster(world, together ?? long(random)), cutReplication(world, together ?? long(random))];
  },
};

/** What one node sends to the other is lost, and not what it hears of it. */
export const oneWayLoss: Fault = {
  weight: 2,
  strike(world, random) {
    const machine = anyMachine(world, random);
    const { id: from } = machine;
    const { id: to } = world.peer(machine);
    world.corosync.setDirection(from, to, false);
    return [
      {
        name: `nobody hears ${machine.name} on the cluster network`,
        mend: () => world.corosync.setDirection(from, to, true),
        lasts: shortOrLong(random, 100, 3000, 40_000),
      },
    ];
  },
};

/** The same of the replication network: what was written arrives, and no word of that comes back. */
export const oneWayReplicationLoss: Fault = {
  weight: 1,
  strike(world, random) {
    const { name } = anyMachine(world, random);
    world.mirror.setHeard(name, false);
    return [
      {
        name: `nobody hears ${name} on the replication network`,
        mend: () => world.mirror.setHeard(name, true),
        lasts: long(random),
      },
    ];
  },
};

/** Everything arrives, late: in between others send what is ordered before it. */
export const slowCluster: Fault = {
  weight: 1,
  strike(world, random) {
    world.corosync.network.slow = true;
    return [
      {
        name: 'cluster network slow',
        mend: () => {
          world.corosync.network.slow = false;
        },
        lasts: random.between(3000, 40_000),
      },
    ];
  },
};
