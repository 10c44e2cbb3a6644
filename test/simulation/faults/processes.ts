import type { Machine } from '../machine.ts';
import type { World } from '../world.ts';
import { anyMachine, shortOrLong, type Damage, type Fault } from './fault.ts';

/** kill -9 of the engine; systemd starts it again, sometimes late. */
export const engineKill: Fault = {
  weight: 3,
  strike(world, random) {
    const machine = anyMachine(world, random);
    machine.killEngine(random.chance(0.3) ? random.between(3000, 40_000) : undefined);
    return [{ name: `engine of ${machine.name} killed` }];
  },
};

/**
 * kill -9 of the agent host: what it was doing is half done; the engine starts another, which may boot for long where the
 * machine is short of everything.
 */
export const agentHostKill: Fault = {
  weight: 2,
  strike(world, random) {
    const machine = anyMachine(world, random);
    machine.agents.die();
    const name = `agent host of ${machine.name} killed`;
    if (!random.chance(0.25)) return [{ name }];
    machine.agents.setStalled(true, 'boots');
    return [
      {
        name: `${name}, and the next one boots slowly`,
        mend: () => machine.agents.setStalled(false),
        lasts: shortOrLong(random, 2000, 20_000, 80_000),
      },
    ];
  },
};

/** Corosync ends, and is started again. */
export const corosyncCrash: Fault = {
  weight: 1,
  strike(world, random) {
    const machine = anyMachine(world, random);
    world.corosync.crash(machine.id, random.between(400, 5000));
    return [{ name: `Corosync of ${machine.name} crashed` }];
  },
};

/** SIGSTOP of Corosync alone, often for longer than its token: the peer parts from it, and it learns that too late. */
export const corosyncPause: Fault = {
  weight: 2,
  strike(world, random) {
    const machine = anyMachine(world, random);
    return [pausedCorosync(world, machine, shortOrLong(random, 200, 2500, 20_000))];
  },
};

/** SIGSTOP of Corosync alone, for so many milliseconds; after a boot there is another one, which runs. */
export function pausedCorosync(world: World, machine: Machine, lasts: number): Damage {
  const { life } = machine;
  world.corosync.setStalled(machine.id, true);
  return {
    name: `Corosync of ${machine.name} stands still`,
    mend: () => {
      if (machine.life === life && machine.isPowered) world.corosync.setStalled(machine.id, false);
    },
    lasts,
  };
}

/** SIGSTOP of the agent host alone: what was begun goes on much later, or never. */
export const agentHostPause: Fault = {
  weight: 1,
  strike(world, random) {
    const machine = anyMachine(world, random);
    machine.agents.setStalled(true);
    return [
      {
        name: `agent host of ${machine.name} stands still`,
        mend: () => machine.agents.setStalled(false),
        lasts: shortOrLong(random, 200, 5000, 30_000),
      },
    ];
  },
};

/** Whatever it does, nobody hears of it, not even of a deadline that was overrun; later all at once. */
export const agentHostMute: Fault = {
  weight: 1,
  strike(world, random) {
    const { name, agents } = anyMachine(world, random);
    agents.setMute(true);
    return [
      {
        name: `agent host of ${name} is not heard`,
        mend: () => agents.setMute(false),
        lasts: shortOrLong(random, 200, 5000, 100_000),
      },
    ];
  },
};

/** The whole user space stands still: to the peer the node is lost; it sees nothing of that itself. */
export const stall: Fault = {
  weight: 2,
  strike(world, random) {
    const machine = anyMachine(world, random);
    const { engine, life } = machine;
    world.corosync.setStalled(machine.id, true);
    engine?.setPaused(true);
    machine.agents.setStalled(true);
    return [
      {
        name: `user space of ${machine.name} stands still`,
        mend: () => {
          if (machine.life !== life || !machine.isPowered) return;
          machine.agents.setStalled(false);
          world.corosync.setStalled(machine.id, false);
          engine?.setPaused(false);
        },
        lasts: shortOrLong(random, 200, 2500, 15_000),
      },
    ];
  },
};

/** SIGSTOP of the engine alone: its Corosync goes on, and nobody is told. */
export const enginePause: Fault = {
  weight: 1,
  strike(world, random) {
    const machine = anyMachine(world, random);
    const { engine } = machine;
    engine?.setPaused(true);
    return [
      {
        name: `engine of ${machine.name} stands still`,
        mend: () => engine?.setPaused(false),
        lasts: random.between(100, 12_000),
      },
    ];
  },
};
