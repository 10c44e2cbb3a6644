import type { Machine } from '../machine.ts';
import { isWell } from '../wellness.ts';
import type { World } from '../world.ts';
import { ABSENT_ENGINE, RECOVERY, SILENT_ENGINE } from './bounds.ts';
import { failed, type Ordeal } from './ordeal.ts';

const SECOND = 1000;
const FOR_GOOD = 24 * 3600 * SECOND;
/** What both ends of the mirror have seen of it is told, and what was wanted before is withdrawn. */
const SETTLED = 20 * SECOND;
/** In which it would be fenced that was to be fenced before. */
const AFTERWARDS = 60 * SECOND;

/**
 * A node has to be fenced and cannot be, since its board is out of order; somebody pushes its button. It has booted anew
 * and is trusted again: when its board works again, there is no reason any more to switch it off.
 */
export const resetByHand: Ordeal = {
  weight: 1,
  befall(world, _server, random) {
    const machine = random.pick(world.machines);
    const devices = world.devices(machine);
    for (const device of devices) device.reachable = false;
    const isKill = random.chance(0.5);
    if (isKill) machine.killEngine(FOR_GOOD);
    else machine.engine?.setPaused(true);
    const how = isKill ? 'has no engine any more' : 'has an engine that stands still';
    world.story.tell('FAULT', `last of all, ${machine.name} ${how}, and its board does not answer`);
    world.run((isKill ? ABSENT_ENGINE : SILENT_ENGINE) + random.between(0, 20 * SECOND));
    world.story.tell('operator', `pushes the button of ${machine.name}`);
    machine.cut();
    machine.restore();
    const { life } = machine;
    // Until its mirror is there again, its peer's I/O may wait for it, or for its being fenced.
    if (!world.runUntil(RECOVERY, () => isTogether(world)))
      throw failed(world, `${machine.name} was not taken in again`);
    world.run(SETTLED);
    for (const device of devices) device.reachable = true;
    world.story.tell('FAULT', 'its board answers again');
    if (!world.runUntil(RECOVERY, () => isWell(world)))
      throw failed(world, `waited ${RECOVERY / SECOND} s for ${machine.name} to be well again`);
    world.run(AFTERWARDS);
    if (machine.life !== life)
      throw failed(world, `${machine.name} was switched off, which had booted anew and was trusted again`);
  },
};

const isTogether = (world: World): boolean =>
  world.machines.every(
    ({ engine, kernel }: Machine) =>
      engine?.state.view.complete === true &&
      engine.state.view.members.length === 2 &&
      kernel.replica.kernel?.connection === 'Connected',
  );
