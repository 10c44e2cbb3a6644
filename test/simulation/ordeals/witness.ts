import { DATA_LUN } from '../world.ts';
import { isWell } from '../wellness.ts';
import { LOSS_SEEN, RECOVERY, TAKEOVER } from './bounds.ts';
import { lostNode } from './lost-node.ts';
import { failed, type Ordeal } from './ordeal.ts';

const SECOND = 1000;
/** By then everybody has noticed. */
const AFTERWARDS = 40 * SECOND;

/** The witness alone is lost, or cut off, for good: nothing happens. */
export const witnessGone: Ordeal = {
  weight: 2,
  befall(world, server, random) {
    const { witness } = world.corosync;
    const isCut = random.chance(0.5);
    world.story.tell('FAULT', `last of all, the witness is ${isCut ? 'out of reach' : 'lost'}`);
    const set = (isThere: boolean): void => {
      if (isCut) for (const { id } of world.machines) witness?.setReach(id, isThere);
      else witness?.setUp(isThere, random.chance(0.5));
    };
    const lives = world.machines.map(({ life }) => life);
    set(false);
    const end = world.time.now + AFTERWARDS;
    while (world.time.now < end) {
      world.run(500);
      if (!server.kernel.serves(DATA_LUN)) throw failed(world, `${server.name} does not go on serving`);
    }
    if (world.machines.some(({ life, isPowered }, index) => life !== lives[index] || !isPowered))
      throw failed(world, 'a node was switched off, and only the witness was lost');
    set(true);
    if (!world.runUntil(RECOVERY, () => isWell(world)))
      throw failed(world, `waited ${RECOVERY / SECOND} s for the witness to vote again`);
  },
};

/** One node reaches neither the other one nor the witness: the other one serves, whichever it is. */
export const cutOff = lostNode(2, (world, server, random) => {
  const victim = random.chance(0.7) ? server : world.peer(server);
  const { witness } = world.corosync;
  victim.staysDark = true;
  witness?.setReach(victim.id, false);
  if (random.chance(0.5)) world.run(random.between(0, 20 * SECOND));
  world.corosync.setLink(false);
  return {
    what: `${victim.name} reaches neither ${world.peer(victim).name} nor the witness`,
    victims: [victim],
    within: LOSS_SEEN + TAKEOVER,
    mend: () => {
      witness?.setReach(victim.id, true);
      world.corosync.setLink(true);
    },
  };
});
