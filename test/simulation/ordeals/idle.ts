import type { Machine } from '../machine.ts';
import { DATA_LUN, type World } from '../world.ts';
import { IDLE_TURNS, LOSS_SEEN, RECOVERY, TAKEOVER, WITNESS_DECIDES } from './bounds.ts';
import { askForStandby } from './deeds.ts';
import { awaitWell, giveBack } from './lost-node.ts';
import { failed, type Ordeal } from './ordeal.ts';

/** By then, in milliseconds, each node has told the other one that it runs nothing any more. */
const TOLD = 10_000;

/**
 * Both nodes are free, as somebody wants them to be, when they lose each other for good: neither has anything to lose,
 * and still one of them only may be put out. Which one is not judged: whoever stopped first may have the older data, and
 * rightly serves nothing until the other one is back.
 */
export const cutWhileNobodyServes: Ordeal = {
  weight: 1,
  befall(world, _server, random) {
    world.isAttended = false;
    const wishes = world.machines.map((machine) => askForStandby(world, machine));
    awaitRest(world);
    if (random.chance(0.7)) world.run(TOLD);
    const since = world.time.now;
    for (const machine of world.machines) machine.staysDark = true;
    world.story.tell('FAULT', 'last of all, nobody serves, and the cluster network is cut for good');
    world.corosync.setLink(false);
    world.run(
      LOSS_SEEN + IDLE_TURNS + TAKEOVER + (world.corosync.witness === undefined ? 0 : WITNESS_DECIDES),
    );
    const dark = world.machines.filter(({ offAt }) => offAt >= since).map(({ name }) => name);
    if (dark.length !== 1) throw failed(world, `one node has to be put out, and it was ${dark.join(', ')}`);
    const mend = (): void => {
      world.corosync.setLink(true);
      for (const wish of wishes) wish.mend();
    };
    giveBack(world, mend);
    awaitWell(world);
  },
};

/** Both run and know of each other, and nobody serves. */
function awaitRest(world: World): void {
  const isFree = ({ kernel, engine }: Machine): boolean =>
    !kernel.serves(DATA_LUN) &&
    engine?.state.view.complete === true &&
    engine.state.view.members.length === 2;
  const end = world.time.now + RECOVERY;
  while (!world.machines.every(isFree)) {
    if (world.time.now > end)
      throw failed(world, 'both nodes are to be free and to know of each other, and they are not');
    world.run(500);
  }
}
