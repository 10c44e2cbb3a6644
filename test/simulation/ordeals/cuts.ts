import type { World } from '../world.ts';
import { LOSS_SEEN, TAKEOVER } from './bounds.ts';
import { lostNode } from './lost-node.ts';
import type { Ordeal } from './ordeal.ts';

/** A link is cut for good: one node has to go on, and one only. Whoever loses its power stays dark. */
const cut = (weight: number, what: string, set: (world: World, isUp: boolean) => void): Ordeal =>
  lostNode(weight, (world) => {
    for (const machine of world.machines) machine.staysDark = true;
    set(world, false);
    return {
      what,
      victims: world.machines,
      within: LOSS_SEEN + TAKEOVER,
      mend: () => set(world, true),
    };
  });

export const clusterLinkCut = cut(2, 'the cluster network is cut for good', (world, isUp) =>
  world.corosync.setLink(isUp),
);
export const replicationLinkCut = cut(1, 'the replication network is cut for good', (world, isUp) =>
  world.mirror.setLink(isUp),
);
export const bothLinksCut = cut(1, 'both networks are cut for good', (world, isUp) => {
  world.corosync.setLink(isUp);
  world.mirror.setLink(isUp);
});

/** Who serves has lost its peer's disk and wants the peer to be fenced, cannot, and dies of that trouble itself. */
export const wishOfTheDead = lostNode(1, (world, server, random) => {
  const peer = world.peer(server);
  const devices = world.devices(peer);
  for (const device of devices) device.reachable = false;
  world.mirror.setLink(false);
  world.run(random.between(1000, 15_000));
  server.staysDark = true;
  if (random.chance(0.5)) server.cut();
  else server.hang();
  return {
    what: `the replication network is cut, the board of ${peer.name} is out of order, and then ${server.name} is lost`,
    victims: [server],
    within: LOSS_SEEN + TAKEOVER,
    mend: () => {
      for (const device of devices) device.reachable = true;
      world.mirror.setLink(true);
    },
  };
});
