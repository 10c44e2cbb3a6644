import { DATA_LUN, World } from '../../simulation/world.ts';

/** What engines really said in a short life with trouble in it; the text of each as it was multicast. */
export interface Overheard {
  readonly world: World;
  readonly payloads: readonly string[];
}

/** A pool is made, LUNs come and go, a node is lost and fenced, an agent fails, the mirror breaks. */
export function overhear(seed: number): Overheard {
  const world = new World(seed, false);
  const payloads: string[] = [];
  const { corosync } = world;
  const multicast = corosync.multicast.bind(corosync);
  corosync.multicast = (id, sent) => {
    payloads.push(sent.payload);
    multicast(id, sent);
  };
  const [alpha, beta] = world.machines;
  for (const machine of world.machines) machine.restore();
  world.run(90_000);
  world.operator.create(alpha, DATA_LUN, 40);
  world.run(20_000);
  alpha.request('cleanup', {}, () => undefined);
  alpha.engine?.hear({
    kind: 'notice',
    key: 'corosync-link-1',
    failure: { code: 'store_failed', message: 'for the sake of the test' },
  });
  world.board(beta).reachable = false;
  world.run(70_000);
  world.mirror.setLink(false);
  world.run(20_000);
  world.mirror.setLink(true);
  world.run(20_000);
  world.board(beta).reachable = true;
  world.run(30_000);
  beta.cut();
  world.run(120_000);
  return { world, payloads };
}
