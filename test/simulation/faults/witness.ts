import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import { anyMachine, shortOrLong, type Damage, type Fault } from './fault.ts';

const lost = (world: World, random: Random, lasts: number): Damage => {
  const { witness } = world.corosync;
  witness?.setUp(false, random.chance(0.5));
  return { name: 'witness lost', mend: () => witness?.setUp(true), lasts };
};

const cut = (
  world: World,
  { name, id }: { readonly name: string; readonly id: number },
  lasts: number,
): Damage => {
  const { witness } = world.corosync;
  witness?.setReach(id, false);
  return { name: `witness cut off from ${name}`, mend: () => witness?.setReach(id, true), lasts };
};

const slow = (world: World, lasts: number): Damage => {
  const { witness } = world.corosync;
  const set = (isSlow: boolean): void => {
    if (witness !== undefined) witness.slow = isSlow;
  };
  set(true);
  return { name: 'witness answers late', mend: () => set(false), lasts };
};

/** Its process ends, or its machine says nothing any more; it comes back and has forgotten whom it voted for. */
export const witnessLost: Fault = {
  weight: 3,
  strike: (world, random) => [lost(world, random, shortOrLong(random, 500, 15_000, 90_000))],
};

/** One node does not reach it, or neither. */
export const witnessCut: Fault = {
  weight: 3,
  strike(world, random) {
    const machines = random.chance(0.3) ? world.machines : [anyMachine(world, random)];
    return machines.map((machine) => cut(world, machine, shortOrLong(random, 500, 15_000, 90_000)));
  },
};

export const witnessSlow: Fault = {
  weight: 2,
  strike: (world, random) => [slow(world, random.between(3000, 60_000))],
};

/** Something is wrong with the witness, and just then it is to decide which of the two goes on; or the other way round. */
export const deciding: Fault = {
  weight: 4,
  strike(world, random, later) {
    const lasts = (): number => shortOrLong(random, 2000, 15_000, 60_000);
    const machine = anyMachine(world, random);
    const trouble = random.pick([
      () => lost(world, random, lasts()),
      () => cut(world, machine, lasts()),
      () => slow(world, lasts()),
    ]);
    const blow = random.pick([
      (): Damage => {
        world.corosync.setLink(false);
        return { name: 'cluster network cut', mend: () => world.corosync.setLink(true), lasts: lasts() };
      },
      (): Damage => {
        const victim = random.chance(0.5) ? machine : world.peer(machine);
        victim.cut();
        return { name: `power of ${victim.name} cut`, mend: () => victim.restore(), lasts: lasts() };
      },
      (): Damage => {
        const victim = random.chance(0.5) ? machine : world.peer(machine);
        world.corosync.crash(victim.id, random.between(400, 5000));
        return { name: `Corosync of ${victim.name} crashed` };
      },
    ]);
    const [first, second] = random.chance(0.7) ? [trouble, blow] : [blow, trouble];
    const between = random.between(0, 15_000);
    world.time.after(between, () => later(() => [second()]));
    return [first()];
  },
};
