import type { Board } from '../board.ts';
import type { Machine } from '../machine.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import { shortOrLong, type Damage } from './fault.ts';
import { insist } from './people.ts';
import { pausedCorosync } from './processes.ts';

/** Something that is done to one machine, or asked of it: the same that strikes by the clock, where it is wanted. */
export type Deed = (world: World, machine: Machine, random: Random) => readonly Damage[];

const powerCut: Deed = (_, machine, random) => {
  machine.cut();
  return [
    {
      name: `power of ${machine.name} cut`,
      mend: () => machine.press(),
      lasts: shortOrLong(random, 500, 5000, 60_000),
    },
  ];
};

const blackout: Deed = (world, _, random) =>
  world.machines.flatMap((machine) => powerCut(world, machine, random));

/** Somebody finds it dark, and presses its button. */
const powerButton: Deed = (_, machine) => {
  machine.press();
  return [{ name: `operator: presses the power button of ${machine.name}`, isDeed: true }];
};

const engineKill: Deed = (_, machine, random) => {
  machine.killEngine(random.chance(0.2) ? random.between(3000, 20_000) : undefined);
  return [{ name: `engine of ${machine.name} killed` }];
};

const enginePause: Deed = (_, machine, random) => {
  const { engine } = machine;
  engine?.setPaused(true);
  return [
    {
      name: `engine of ${machine.name} stands still`,
      mend: () => engine?.setPaused(false),
      lasts: shortOrLong(random, 1, 100, 4000),
    },
  ];
};

const corosyncCrash: Deed = (world, machine, random) => {
  world.corosync.crash(machine.id, random.between(400, 5000));
  return [{ name: `Corosync of ${machine.name} crashed` }];
};

/** Long enough for the other one to part from it, short of what it takes to be switched off for that. */
const corosyncPause: Deed = (world, machine, random) => [
  pausedCorosync(world, machine, random.between(2080, 5000)),
];

/** Something holds on to what is to be stopped, until it lets go; somebody may be about to take it away. */
const stopsFail: Deed = (world, _, random) => {
  const agent = random.pick(['lio-lun', 'lio-lun', 'lio-lun', 'lio-target', 'lvm', 'address'] as const);
  const trouble = random.pick(['fails', 'fails', 'fails-late', 'kills'] as const);
  const lasts = random.between(1000, 20_000);
  return world.machines.map(({ name, agents }) => {
    agents.broken.set(agent, { of: 'stop', trouble });
    return {
      name: `agent ${agent} of ${name} cannot stop anything`,
      mend: () => agents.broken.delete(agent),
      lasts,
    };
  });
};

const agentsPause: Deed = (_, machine, random) => {
  machine.agents.setStalled(true);
  return [
    {
      name: `agent host of ${machine.name} stands still`,
      mend: () => machine.agents.setStalled(false),
      lasts: random.between(500, 14_000),
    },
  ];
};

/** Not noticed at all, or healed just before the ring is given up, or for good. */
const interruption = (random: Random): number => {
  const [least, most] = random.pick([
    [50, 900],
    [1000, 2080],
    [2080, 6000],
    [6000, 40_000],
  ] as const);
  return random.between(least, most);
};

const clusterCut: Deed = (world, _, random) => {
  world.corosync.setLink(false);
  return [
    {
      name: 'cluster network cut',
      mend: () => world.corosync.setLink(true),
      lasts: interruption(random),
    },
  ];
};

/** Long enough for the two to part, and soon over. */
const ringBroken: Deed = (world, _, random) => {
  world.corosync.setLink(false);
  return [
    {
      name: 'cluster network cut',
      mend: () => world.corosync.setLink(true),
      lasts: random.between(2300, 9000),
    },
  ];
};

/** Nobody hears this one. */
const silence: Deed = (world, machine, random) => {
  const { id: from } = machine;
  const { id: to } = world.peer(machine);
  world.corosync.setDirection(from, to, false);
  return [
    {
      name: `nobody hears ${machine.name} on the cluster network`,
      mend: () => world.corosync.setDirection(from, to, true),
      lasts: interruption(random),
    },
  ];
};

const replicationCut: Deed = (world, _, random) => {
  world.mirror.setLink(false);
  return [
    {
      name: 'replication network cut',
      mend: () => world.mirror.setLink(true),
      lasts: random.between(5000, 90_000),
    },
  ];
};

/** The two nodes part for good, and nothing is left between them. */
const parted: Deed = (world, _, random) => {
  world.corosync.setLink(false);
  world.mirror.setLink(false);
  const together = random.between(5000, 60_000);
  const lasts = (): number => (random.chance(0.5) ? together : random.between(5000, 90_000));
  return [
    { name: 'cluster network cut', mend: () => world.corosync.setLink(true), lasts: lasts() },
    { name: 'replication network cut', mend: () => world.mirror.setLink(true), lasts: lasts() },
  ];
};

const slowNetwork: Deed = (world, _, random) => {
  world.corosync.network.slow = true;
  return [
    {
      name: 'cluster network slow',
      mend: () => {
        world.corosync.network.slow = false;
      },
      lasts: random.between(1000, 20_000),
    },
  ];
};

/** What is written takes seconds, or has no room. */
const disk = (world: World, machine: Machine, random: Random): Damage => {
  const { store } = machine;
  const lasts = shortOrLong(random, 1000, 5000, 30_000);
  if (random.chance(0.3)) {
    store.full = true;
    return { name: `system disk of ${machine.name} full`, mend: () => (store.full = false), lasts };
  }
  store.slow = true;
  return { name: `system disk of ${machine.name} slow`, mend: () => (store.slow = false), lasts };
};
const badDisk: Deed = (world, machine, random) => [disk(world, machine, random)];
const badDisks: Deed = (world, _, random) => world.machines.map((machine) => disk(world, machine, random));

const badBoard = (board: Board, random: Random): Damage => {
  const name = `board of ${board.of}`;
  const lasts = shortOrLong(random, 3000, 15_000, 60_000);
  if (random.chance(0.5)) {
    board.late = true;
    return { name: `${name} answers late`, mend: () => (board.late = false), lasts };
  }
  board.reachable = false;
  return { name: `${name} unreachable`, mend: () => (board.reachable = true), lasts };
};
const badBoardOf: Deed = (world, machine, random) =>
  world.devices(machine).map((device) => badBoard(device, random));
const badBoards: Deed = (world, _, random) =>
  world.machines.flatMap((machine) => world.devices(machine).map((device) => badBoard(device, random)));

/** What they switch is switched at once, and their answers come when it may have been switched again. */
const lateBoards: Deed = (world, _, random) => {
  const lasts = random.between(20_000, 60_000);
  return world.machines
    .flatMap((machine) => world.devices(machine))
    .map((board) => {
      board.late = true;
      return { name: `board of ${board.of} answers late`, mend: () => (board.late = false), lasts };
    });
};

const change: Deed = (world, machine, random) => {
  const { operator } = world;
  const what = random.chance(0.4)
    ? operator.deleteOne(machine, random)
    : operator.createOne(machine, random, 4);
  return [{ name: `operator: ${what}`, isDeed: true }];
};

/** A script that makes and deletes one after the other, without waiting for any answer. */
const manyChanges: Deed = (world, machine, random) =>
  Array.from({ length: random.between(2, 20) }, () => change(world, machine, random)).flat();

/** Somebody waits until both nodes are there, and then asks for much at once: it all comes into the order together. */
const burst: Deed = (world, machine, random) => {
  const times = random.between(8, 20);
  const ask = (turn: number): void => {
    const view = machine.engine?.state.view;
    if (view?.complete === true && view.members.length > 1)
      for (let count = 0; count < times; count += 1) change(world, machine, random);
    else if (turn < MOST_TURNS) world.time.after(LOOKS_AGAIN, () => ask(turn + 1));
  };
  ask(0);
  return [{ name: `operator: ${times} changes at once on ${machine.name}`, isDeed: true }];
};
const LOOKS_AGAIN = 200;
const MOST_TURNS = 50;

/** A script that goes on for a while, whatever it is answered. */
const script: Deed = (world, machine, random) => {
  const pause = random.pick([5, 50, 400]);
  const times = random.between(4, 25);
  for (let turn = 1; turn < times; turn += 1)
    world.time.after(turn * pause, () => change(world, machine, random));
  return [
    { name: `operator: a change every ${pause} ms, ${times} times, on ${machine.name}`, isDeed: true },
    ...change(world, machine, random),
  ];
};

const deletion: Deed = (world, machine, random) => [
  { name: `operator: ${world.operator.deleteOne(machine, random)}`, isDeed: true },
];

/** All of it is to move away from there. */
const standby: Deed = (world, { name }, random) => {
  const body = { name, standby: true, force: true };
  random.pick(world.machines).request('node.set', body, () => undefined);
  return [
    {
      name: `operator: standby of ${name}`,
      isDeed: true,
      mend: () => insist(world, 'node.set', { name, standby: false, force: true }),
      lasts: random.between(3000, 30_000),
    },
  ];
};

/** Somebody at the shell wants the copy to serve while the other one does: `drbdadm primary`. */
const handPromotion: Deed = (world, machine) => {
  const serves = machine.kernel.replica.isPrimary ? machine : world.peer(machine);
  const copy = world.peer(serves);
  const tried = `operator: drbdadm primary on ${copy.name}`;
  if (!serves.kernel.replica.isPrimary || !copy.isPowered)
    return [{ name: `${tried}, in vain`, isDeed: true }];
  world.mirror.promote(copy.kernel.replica, (refusal) => {
    if (refusal === undefined) copy.unforeseen.note({ agent: 'drbd', parameters: {} }, world.time.now);
  });
  return [{ name: tried, isDeed: true }];
};

export const deeds = {
  powerCut,
  blackout,
  powerButton,
  engineKill,
  enginePause,
  corosyncCrash,
  corosyncPause,
  agentsPause,
  stopsFail,
  clusterCut,
  ringBroken,
  silence,
  replicationCut,
  parted,
  slowNetwork,
  badDisk,
  badDisks,
  badBoard: badBoardOf,
  badBoards,
  lateBoards,
  change,
  manyChanges,
  burst,
  script,
  deletion,
  standby,
  handPromotion,
} as const satisfies Readonly<Record<string, Deed>>;

export type DeedName = keyof typeof deeds;
