import { POOL } from '../configuration.ts';
import { createLun, deleteLun, demandOnDisks, inService } from '../luns.ts';
import { answering, bringBack, EVERY_SIZE, known, mirrorOf, takeAway, type Story } from '../story.ts';
import { until } from '../wait.ts';

export const serviceStories: readonly Story[] = [
  {
    name: 'LUNs are created and deleted through every node',
    nodes: EVERY_SIZE,
    quick: [5],
    async tell(cluster) {
      for (const node of cluster.nodes) {
        const made = await createLun(node);
        await cluster.well();
        await demandOnDisks(cluster, [made]);
        await deleteLun(node, made.name);
        await cluster.well();
      }
    },
  },
  {
    name: 'resource recovery: what ends behind the engine’s back is started again where it was',
    nodes: [2, 3],
    quick: [2],
    async tell(cluster) {
      const serving = await cluster.serving();
      const { name } = await createLun(serving);
      await cluster.well();
      await serving.breakResource('address 10.0.3.100', 'address 10.0.3.100');
      await serving.breakResource(`lun ${name}`, `LUN ${name}`);
      await cluster.well();
      if ((await cluster.serving()) !== serving) throw new Error('the pool has moved');
      await deleteLun(serving, name);
    },
  },
  {
    name: 'resource recovery: the mirror’s promotion ends behind the engine’s back',
    nodes: [2],
    quick: [],
    async tell(cluster) {
      const serving = await cluster.serving();
      await serving.breakResource(`drbd ${POOL}`, `promoted ${POOL}`);
      await cluster.well();
    },
  },
  {
    name: 'configuration resync: LUNs are made and deleted while a node is away',
    nodes: EVERY_SIZE,
    quick: [2, 3],
    async tell(cluster) {
      const [serving, away] = [await cluster.serving(), await mirrorOf(cluster)];
      const before = await createLun(serving);
      await takeAway(cluster, away);
      await known(cluster, away, 'offline');
      const made = [await createLun(serving), await createLun(serving)];
      await deleteLun(serving, before.name);
      await bringBack(cluster, away);
      await cluster.well();
      await demandOnDisks(cluster, made);
      for (const { name } of made) await deleteLun(away, name);
    },
  },
  {
    name: 'configuration resync: the node with the old configuration is the first to start',
    nodes: EVERY_SIZE,
    quick: [2],
    async tell(cluster) {
      const [serving, away] = [await cluster.serving(), await mirrorOf(cluster)];
      await takeAway(cluster, away);
      await known(cluster, away, 'offline');
      const made = await createLun(serving);
      await Promise.all(cluster.nodes.map((node) => node.powerOff()));
      await bringBack(cluster, away);
      await answering(cluster, away);
      await Promise.all(cluster.nodes.map((node) => node.powerOn()));
      await cluster.well();
      await demandOnDisks(cluster, [made]);
      await deleteLun(away, made.name);
    },
  },
  {
    name: 'near quorum: down to the last majority everything is served; below it nothing changes',
    nodes: [3, 5],
    quick: [5],
    async tell(cluster) {
      const serving = await cluster.serving();
      const others = cluster.nodes.filter((node) => node !== serving).toReversed();
      const spare = Math.floor((cluster.nodes.length - 1) / 2);
      const lost = others.slice(0, spare + 1);
      for (const node of lost.slice(0, spare)) {
        await takeAway(cluster, node);
        await known(cluster, node, 'offline');
      }
      const made = await createLun(serving);
      await inService(serving, made);
      const one = lost.at(-1);
      if (one === undefined) return;
      const began = cluster.now();
      await takeAway(cluster, one);
      await until('the loss of quorum', async () => {
        const view = await cluster.status(serving);
        return view?.synchronised === true && !view.quorate ? undefined : 'it is quorate';
      });
      const refused = await serving.request('lun.create', { name: 'refused', size: (4 << 20) as never });
      if (refused.ok || !['no_quorum', 'not_synchronised'].includes(refused.failure.code))
        throw new Error(`not refused without quorum: ${JSON.stringify(refused)}`);
      if (cluster.touchedSince(began).length > 0) throw new Error('something was touched without quorum');
      for (const node of lost.toReversed()) await bringBack(cluster, node);
      await cluster.well();
      await demandOnDisks(cluster, [made]);
      await deleteLun(serving, made.name);
    },
  },
];
