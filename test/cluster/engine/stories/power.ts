import type { EngineCluster } from '../engine-cluster.ts';
import type { EngineNode } from '../engine-node.ts';
import { createLun, deleteLun, demandOnDisks } from '../luns.ts';
import {
  answering,
  bringBack,
  cutSince,
  demandUntouched,
  EVERY_SIZE,
  known,
  mirrorOf,
  takeAway,
  watch,
  type Story,
} from '../story.ts';

const everyoneOff = async ({ nodes }: EngineCluster): Promise<void> => {
  await Promise.all(nodes.map((node) => node.powerOff()));
};

/** One after the other, each when the one before answers; nothing may be started before the last one is there. */
async function startInOrder(cluster: EngineCluster, order: readonly EngineNode[]): Promise<void> {
  const began = cluster.now();
  for (const node of order.slice(0, -1)) {
    await node.powerOn();
    await answering(cluster, node);
    demandUntouched(cluster, began);
  }
  await order.at(-1)?.powerOn();
  await cluster.well();
}

const permutations = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  items.length <= 1
    ? [items]
    : items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));

export const powerStories: readonly Story[] = [
  {
    name: 'flip: the node with the mirror loses power and comes back; what is served is not touched',
    nodes: EVERY_SIZE,
    quick: [2],
    async tell(cluster) {
      const serving = await cluster.serving();
      const mirror = await mirrorOf(cluster);
      const began = cluster.now();
      await mirror.powerOff();
      await cluster.well();
      demandUntouched(cluster, began, serving);
    },
  },
  {
    name: 'flip: the serving node loses power; the other one serves, and goes on when it is back',
    nodes: EVERY_SIZE,
    quick: [3],
    async tell(cluster) {
      const [serving, mirror] = [await cluster.serving(), await mirrorOf(cluster)];
      await takeAway(cluster, serving);
      await known(cluster, serving, 'offline');
      if ((await cluster.serving()) !== mirror) throw new Error(`${mirror.name} does not serve`);
      const made = await createLun(mirror);
      await bringBack(cluster, serving);
      await cluster.well();
      await demandOnDisks(cluster, [made]);
      await deleteLun(serving, made.name);
      if ((await cluster.serving()) !== mirror) throw new Error('it failed back by itself');
    },
  },
  {
    name: 'flip: a node without a disk loses power; nothing is touched',
    nodes: [3, 5],
    quick: [3],
    async tell(cluster) {
      const began = cluster.now();
      const third = cluster.node('node3');
      await third.powerOff();
      await cluster.well();
      demandUntouched(cluster, began);
    },
  },
  {
    name: 'all at once: power is lost everywhere and comes back everywhere',
    nodes: EVERY_SIZE,
    quick: [5],
    async tell(cluster) {
      const made = await createLun(await cluster.serving());
      await everyoneOff(cluster);
      await Promise.all(cluster.nodes.map((node) => node.powerOn()));
      await cluster.well();
      await demandOnDisks(cluster, [made]);
      await deleteLun(await cluster.serving(), made.name);
    },
  },
  {
    name: 'one by one: every node loses power in turn, each when the one before is back',
    nodes: EVERY_SIZE,
    quick: [],
    async tell(cluster) {
      for (const node of cluster.nodes) {
        const began = cluster.now();
        await node.powerOff();
        await cutSince(cluster, began, node);
        await cluster.well();
      }
    },
  },
  {
    name: 'partial start: after a loss of power everywhere all but one wait, and touch nothing',
    nodes: EVERY_SIZE,
    quick: [2, 3],
    async tell(cluster) {
      await everyoneOff(cluster);
      const began = cluster.now();
      const [late, ...others] = cluster.nodes.toReversed();
      if (late === undefined) return;
      await Promise.all(others.map((node) => node.powerOn()));
      for (const node of others) await answering(cluster, node);
      // Longer than Corosync takes to form, and to lose what does not come.
      await watch(8000, () => demandUntouched(cluster, began));
      await late.powerOn();
      await cluster.well();
    },
  },
  {
    name: 'start one by one, in every order',
    nodes: [2, 3],
    quick: [],
    async tell(cluster) {
      for (const order of permutations(cluster.nodes)) {
        await everyoneOff(cluster);
        await startInOrder(cluster, order);
      }
    },
  },
  {
    name: 'start one by one, forwards and backwards',
    nodes: [5],
    quick: [],
    async tell(cluster) {
      for (const order of [cluster.nodes, cluster.nodes.toReversed()]) {
        await everyoneOff(cluster);
        await startInOrder(cluster, order);
      }
    },
  },
];
