import { canonical } from '../../../src/engine/index.ts';
import type { ClusterConfig } from '../../../src/model/index.ts';
import { digest } from '../digest.ts';
import { anyMachine, type Fault } from './fault.ts';

export const failingDisk: Fault = {
  weight: 1,
  strike(world, random) {
    const machine = anyMachine(world, random);
    machine.store.failing = true;
    return [
      {
        name: `system disk of ${machine.name} fails`,
        mend: () => {
          machine.store.failing = false;
        },
        lasts: random.between(500, 30_000),
      },
    ];
  },
};

export const slowDisk: Fault = {
  weight: 1,
  strike(world, random) {
    const machine = anyMachine(world, random);
    machine.store.slow = true;
    return [
      {
        name: `system disk of ${machine.name} slow`,
        mend: () => {
          machine.store.slow = false;
        },
        lasts: random.between(5000, 60_000),
      },
    ];
  },
};

/** It takes nothing more until somebody has made room. */
export const fullDisk: Fault = {
  weight: 1,
  strike(world, random) {
    const machine = anyMachine(world, random);
    machine.store.full = true;
    return [
      {
        name: `system disk of ${machine.name} full`,
        mend: () => {
          machine.store.full = false;
        },
        lasts: random.between(500, 60_000),
      },
    ];
  },
};

/**
 * Bits of the configuration's log rot, and a cut of the power or a kill of the engine makes a new start read it. Only
 * where the other disk holds all of it: two damages at once are more than is promised.
 */
export const rottenDisk: Fault = {
  weight: 1,
  strike(world, random) {
    const machine = anyMachine(world, random);
    const peer = world.peer(machine);
    const isKill = random.chance(0.5);
    const lasts = random.between(500, 60_000);
    if (isKill) machine.killEngine(random.between(500, 10_000));
    else machine.cut();
    const isSafe = peer.store.damage === undefined && hash(peer.store.config) === hash(machine.store.config);
    if (isSafe && machine.engine === undefined) machine.store.rot(random);
    const how = isKill ? 'after its engine was killed' : 'while its power was cut';
    return [
      {
        name: `configuration of ${machine.name} damaged ${how}`,
        mend: () => machine.restore(),
        lasts,
      },
    ];
  },
};

const hash = (config: ClusterConfig): string => digest(canonical(config));
