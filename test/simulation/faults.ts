import type { Machine } from './machine.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

interface Fault {
  readonly weight: number;
  /** Does the damage, and gives what mends it and after how many milliseconds. */
  strike(
    world: World,
    random: Random,
  ): { readonly name: string; readonly mend: () => void; readonly after: number };
}

const nothing = (): void => undefined;
const any = (world: World, random: Random): Machine => random.pick(world.machines);

const faults: Readonly<Record<string, Fault>> = {
  powerCut: {
    weight: 3,
    strike(world, random) {
      const machine = any(world, random);
      machine.cut();
      return {
        name: `power of ${machine.name} cut`,
        mend: () => machine.restore(),
        after: random.between(500, 60_000),
      };
    },
  },
  engineKill: {
    weight: 3,
    strike(world, random) {
      const machine = any(world, random);
      machine.killEngine(random.chance(0.3) ? random.between(3000, 40_000) : undefined);
      return { name: `engine of ${machine.name} killed`, mend: nothing, after: 0 };
    },
  },
  agentHostKill: {
    weight: 2,
    strike(world, random) {
      const machine = any(world, random);
      machine.agents.die();
      return { name: `agent host of ${machine.name} killed`, mend: nothing, after: 0 };
    },
  },
  corosyncCrash: {
    weight: 1,
    strike(world, random) {
      const machine = any(world, random);
      world.corosync.crash(machine.id, random.between(400, 5000));
      return { name: `Corosync of ${machine.name} crashed`, mend: nothing, after: 0 };
    },
  },
  failingDisk: {
    weight: 1,
    strike(world, random) {
      const machine = any(world, random);
      machine.store.failing = true;
      return {
        name: `system disk of ${machine.name} refuses writes`,
        mend: () => {
          machine.store.failing = false;
        },
        after: random.between(500, 30_000),
      };
    },
  },
  clusterLink: {
    weight: 2,
    strike(world, random) {
      world.corosync.setLink(false);
      return {
        name: 'cluster network cut',
        mend: () => world.corosync.setLink(true),
        after: random.pick([random.between(100, 3000), random.between(100, 40_000)]),
      };
    },
  },
  replicationLink: {
    weight: 2,
    strike(world, random) {
      world.mirror.setLink(false);
      return {
        name: 'replication network cut',
        mend: () => world.mirror.setLink(true),
        after: random.between(500, 40_000),
      };
    },
  },
  bothLinks: {
    weight: 2,
    strike(world, random) {
      world.corosync.setLink(false);
      world.mirror.setLink(false);
      return {
        name: 'both networks cut',
        mend: () => {
          world.corosync.setLink(true);
          world.mirror.setLink(true);
        },
        after: random.between(500, 40_000),
      };
    },
  },
  board: {
    weight: 2,
    strike(world, random) {
      const machine = any(world, random);
      const board = world.board(machine);
      board.reachable = false;
      return {
        name: `board of ${machine.name} unreachable`,
        mend: () => {
          board.reachable = true;
        },
        after: random.between(3000, 90_000),
      };
    },
  },
  slowBoard: {
    weight: 1,
    strike(world, random) {
      const machine = any(world, random);
      const board = world.board(machine);
      board.slow = true;
      return {
        name: `board of ${machine.name} slow`,
        mend: () => {
          board.slow = false;
        },
        after: random.between(10_000, 90_000),
      };
    },
  },
  slowDisk: {
    weight: 1,
    strike(world, random) {
      const machine = any(world, random);
      machine.store.slow = true;
      return {
        name: `system disk of ${machine.name} slow`,
        mend: () => {
          machine.store.slow = false;
        },
        after: random.between(5000, 60_000),
      };
    },
  },
  agents: {
    weight: 2,
    strike(world, random) {
      const machine = any(world, random);
      machine.agents.trouble = random.pick([0.02, 0.1, 0.4]);
      return {
        name: `agents of ${machine.name} in trouble`,
        mend: () => {
          machine.agents.trouble = 0;
        },
        after: random.between(3000, 40_000),
      };
    },
  },
  stall: {
    weight: 2,
    strike(world, random) {
      const machine = any(world, random);
      const { engine } = machine;
      world.corosync.setStalled(machine.id, true);
      engine?.setPaused(true);
      const { life } = machine;
      return {
        name: `user space of ${machine.name} stands still`,
        mend: () => {
          if (machine.life !== life || !machine.isPowered) return;
          world.corosync.setStalled(machine.id, false);
          engine?.setPaused(false);
        },
        after: random.pick([random.between(200, 2500), random.between(200, 15_000)]),
      };
    },
  },
  enginePause: {
    weight: 1,
    strike(world, random) {
      const machine = any(world, random);
      const { engine } = machine;
      engine?.setPaused(true);
      return {
        name: `engine of ${machine.name} stands still`,
        mend: () => engine?.setPaused(false),
        after: random.between(100, 12_000),
      };
    },
  },
  operator: {
    weight: 6,
    strike(world) {
      world.operator.act();
      return { name: 'operator', mend: nothing, after: 0 };
    },
  },
  cleanup: {
    weight: 1,
    strike(world, random) {
      any(world, random).request('cleanup', {}, nothing);
      return { name: 'cleanup', mend: nothing, after: 0 };
    },
  },
};

/** Faults at random times; what is broken is mended again at the latest when `stop` is called. */
export class Faults {
  count = 0;
  private readonly world: World;
  private readonly random: Random;
  private readonly names: readonly string[];
  private readonly pace: number;
  private readonly open = new Set<() => void>();
  private running = true;

  constructor(world: World) {
    this.world = world;
    this.random = world.random.fork();
    this.pace = this.random.pick([1500, 6000, 20_000, 45_000]);
    this.names = Object.entries(faults).flatMap(([name, { weight }]) => Array<string>(weight).fill(name));
    this.next();
  }

  private next(): void {
    this.world.time.after(this.random.between(50, this.pace * 2), () => {
      if (!this.running) return;
      this.strike(this.random.pick(this.names));
      // Troubles seldom come alone.
      if (this.random.chance(0.15)) this.strike(this.random.pick(this.names));
      this.next();
    });
  }

  private strike(kind: string): void {
    const fault = faults[kind];
    if (fault === undefined) throw new Error(`no fault ${kind}`);
    const { name, mend, after } = fault.strike(this.world, this.random);
    if (name !== 'operator' && name !== 'cleanup') this.count += 1;
    this.world.story.tell('FAULT', name);
    const mendOnce = (): void => {
      if (!this.open.delete(mendOnce)) return;
      if (mend === nothing) return;
      this.world.story.tell('MENDED', name);
      mend();
    };
    this.open.add(mendOnce);
    this.world.time.after(after, mendOnce);
  }

  /** Everything is mended, and every machine is switched on. */
  stop(): void {
    this.running = false;
    for (const mend of [...this.open]) mend();
    for (const machine of this.world.machines) machine.restore();
  }
}
