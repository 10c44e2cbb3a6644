import type { EngineRequest } from '../../../src/engine/index.ts';
import type { Machine } from '../machine.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import { anyMachine, type Fault } from './fault.ts';

/** People ask where somebody answers. */
function anyListener(world: World, random: Random): Machine {
  const listening = world.machines.filter(({ engine }) => engine !== undefined);
  return listening.length === 0 ? anyMachine(world, random) : random.pick(listening);
}

export const operator: Fault = {
  weight: 6,
  isDeed: true,
  strike(world, random) {
    return [{ name: `operator: ${world.operator.act(random)}` }];
  },
};

export const cleanup: Fault = {
  weight: 1,
  isDeed: true,
  strike(world, random) {
    const machine = anyListener(world, random);
    machine.request('cleanup', {}, () => undefined);
    return [{ name: `operator: cleanup on ${machine.name}` }];
  },
};

const AGAIN = 2000;
const NO_ANSWER = 20_000;

/** Longer than anything stands still that was asked for the opposite before and has not heard it yet. */
const LOOKED_AT_AGAIN = 60_000;

/** Asks one machine after the other until one has agreed, and once more later. */
export function insist(world: World, kind: EngineRequest['kind'], body: object): void {
  const ask = (turn: number, agreed: () => void): void => {
    const machine = world.machines[turn % 2 === 0 ? 0 : 1];
    let isOpen = true;
    const answered = (then: () => void): void => {
      if (isOpen) then();
      isOpen = false;
    };
    const again = (): void => void world.time.after(AGAIN, () => ask(turn + 1, agreed));
    machine.request(kind, body, (result) => answered(result.ok ? agreed : again));
    // Who gets no answer asks the other one.
    world.time.after(NO_ANSWER, () => answered(again));
  };
  world.asking += 1;
  const isAsked = (): void => void (world.asking -= 1);
  ask(0, () => world.time.after(LOOKED_AT_AGAIN, () => ask(0, isAsked)));
}

/** Whatever became of the wishes of bad times: nobody wants a node to be free, or left alone, any more. */
export function takeBackWishes(world: World): void {
  const config = world.machines.find(({ engine }) => engine !== undefined)?.engine?.state.config.current;
  for (const { name, standby, maintenance } of Object.values(config?.nodes ?? {}))
    if (standby === true || maintenance === true)
      insist(world, 'node.set', { name, standby: false, maintenance: false, force: true });
  if (config?.properties.maintenance === true) insist(world, 'cluster.set', { maintenance: false });
}

/** Asks once, for something that is taken back later. */
const wish = (weight: number, what: string, set: object, unset: object): Fault => ({
  weight,
  isDeed: true,
  strike(world, random) {
    const { name } = anyMachine(world, random);
    const force = random.chance(0.7);
    const asked = anyListener(world, random);
    asked.request('node.set', { name, ...set, force }, (result) => {
      const answer = result.ok ? 'agreed' : result.failure.message;
      world.story.tell('operator', `${what} of ${name}, asked of ${asked.name}: ${answer}`);
    });
    return [
      {
        name: `operator: ${what} of ${name}`,
        mend: () => insist(world, 'node.set', { name, ...unset, force: true }),
        lasts: random.between(5000, 60_000),
      },
    ];
  },
});

export const standby = wish(1, 'standby', { standby: true }, { standby: false });
export const nodeMaintenance = wish(1, 'maintenance', { maintenance: true }, { maintenance: false });

/** In bad times a test may take the proof of before away; somebody answers for the node then. */
export const fencingTest: Fault = {
  weight: 1,
  isDeed: true,
  strike(world, random) {
    const { name } = anyMachine(world, random);
    const asked = anyListener(world, random);
    const levels = asked.engine?.state.config.current.fenceDevices[`pdu-${name}`] === undefined ? 1 : 2;
    const level = random.between(1, levels);
    const dry = random.chance(0.2);
    asked.request('fence.test', { name, level, dry }, (result) => {
      const answer = result.ok ? 'begun' : result.failure.message;
      world.story.tell('operator', `test of the fencing of ${name}, asked of ${asked.name}: ${answer}`);
    });
    const reason = 'nobody has the time for another test';
    return [
      {
        name: `operator: test of the fencing of ${name}, level ${level}${dry ? ', dry' : ''}`,
        mend: () => insist(world, 'fence.waive', { name, reason }),
        lasts: random.between(20_000, 90_000),
      },
    ];
  },
};

export const clusterMaintenance: Fault = {
  weight: 1,
  isDeed: true,
  strike(world, random) {
    anyListener(world, random).request('cluster.set', { maintenance: true }, () => undefined);
    return [
      {
        name: 'operator: maintenance of the cluster',
        mend: () => insist(world, 'cluster.set', { maintenance: false }),
        lasts: random.between(5000, 40_000),
      },
    ];
  },
};

/** A node is shut down as its system does it: it leaves first, and is switched off all the same if that takes too long. */
export const shutdown: Fault = {
  weight: 1,
  isDeed: true,
  strike(world, random) {
    const machine = anyMachine(world, random);
    const patience = random.between(5000, 60_000);
    leave(world, machine, world.time.now + patience);
    return [
      {
        name: `operator: shutdown of ${machine.name}`,
        mend: () => machine.restore(),
        lasts: patience + random.between(1000, 60_000),
      },
    ];
  },
};

function leave(world: World, machine: Machine, until: number): void {
  const { life, engine } = machine;
  if (!machine.isPowered || engine === undefined) return;
  machine.leaves = true;
  machine.request('node.leave', { name: machine.name, force: true }, (result) => {
    const hasLeft = result.ok && (result.value as { readonly left: boolean }).left;
    if (machine.life !== life || machine.engine !== engine) return;
    if (hasLeft || world.time.now > until) return goDown(world, machine, hasLeft);
    world.time.after(1000, () => {
      if (machine.life === life && machine.engine === engine) leave(world, machine, until);
    });
  });
}

function goDown(world: World, machine: Machine, hasLeft: boolean): void {
  const { life } = machine;
  machine.hasLeft = hasLeft;
  world.story.tell(
    machine.name,
    hasLeft ? '=== has left, and goes down' : '=== goes down without having left',
  );
  machine.killEngine(120_000);
  world.time.after(2000, () => {
    if (machine.life === life) machine.cut();
  });
}
