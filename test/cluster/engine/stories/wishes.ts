import type { EngineCluster } from '../engine-cluster.ts';
import type { EngineNode } from '../engine-node.ts';
import { holders } from '../judge.ts';
import { demandUntouched, EVERY_SIZE, known, mirrorOf, watch, type Story } from '../story.ts';
import { until } from '../wait.ts';

/** Longer than the interval of monitors: what was broken has been noticed. */
const NOTICED = 12_000;

/** Repeated until it is acknowledged, as an operator does. */
const wish = (
  by: EngineNode,
  of: EngineNode,
  what: { readonly standby?: boolean; readonly maintenance?: boolean },
): Promise<void> =>
  until(`${of.name} set to ${JSON.stringify(what)}`, async () => {
    const answer = await by.request('node.set', { name: of.name, ...what }, 20);
    return answer.ok ? undefined : `${answer.failure.message} (${answer.failure.code})`;
  });

/** All that can be on one node only is on that one. */
const allOn = (cluster: EngineCluster, node: EngineNode): Promise<void> =>
  until(`everything on ${node.name}`, async () => {
    const view = await cluster.status(node);
    if (view?.synchronised !== true || !view.serving) return view?.problems[0]?.message ?? 'no answer';
    const stray = [...holders(cluster.journal())].find(([, holder]) => holder !== node.name);
    return stray === undefined ? undefined : `${stray[0]} is on ${stray[1]}`;
  });

/** Until nothing is active there; then its engine is ended, and it is off for the others without having been fenced. */
async function leaveInOrder(cluster: EngineCluster, node: EngineNode): Promise<void> {
  const began = cluster.now();
  await until(`${node.name} having left`, async () => {
    const answer = await node.request('node.leave', {}, 20);
    if (!answer.ok) return answer.failure.message;
    return answer.value.left ? undefined : `it has ${answer.value.active.join(', ')}`;
  });
  node.superviseEngine(false);
  await node.signal('engine', 'SIGTERM');
  await known(cluster, node, 'offline');
  if (cluster.journal().some(({ kind, at }) => kind === 'off' && at > began))
    throw new Error('somebody was fenced');
}

async function stopAndStart(cluster: EngineCluster, node: EngineNode): Promise<void> {
  await leaveInOrder(cluster, node);
  await node.powerOff();
  node.superviseEngine(true);
  await node.powerOn();
  await cluster.well();
}

export const wishStories: readonly Story[] = [
  {
    name: 'standby: the serving node gives everything to the other one, and gets nothing back by itself',
    nodes: EVERY_SIZE,
    quick: [3],
    async tell(cluster) {
      const [serving, mirror] = [await cluster.serving(), await mirrorOf(cluster)];
      await wish(mirror, serving, { standby: true });
      await allOn(cluster, mirror);
      await wish(serving, serving, { standby: false });
      await cluster.well();
      await allOn(cluster, mirror);
    },
  },
  {
    name: 'standby: of a node without a disk changes nothing',
    nodes: [3, 5],
    quick: [],
    async tell(cluster) {
      const began = cluster.now();
      const third = cluster.node('node3');
      await wish(third, third, { standby: true });
      await wish(third, third, { standby: false });
      await cluster.well();
      demandUntouched(cluster, began);
    },
  },
  {
    name: 'maintenance: what breaks is left alone until it ends, also when the engine is restarted meanwhile',
    nodes: [2, 3],
    quick: [2],
    async tell(cluster) {
      const serving = await cluster.serving();
      await wish(serving, serving, { maintenance: true });
      const began = cluster.now();
      await serving.breakResource('address 10.0.3.100', 'address 10.0.3.100');
      await serving.signal('engine', 'SIGKILL');
      await watch(NOTICED, () => demandUntouched(cluster, began));
      await wish(serving, serving, { maintenance: false });
      await cluster.well();
    },
  },
  {
    name: 'stop and start in order: the mirror, then the serving node; nobody is fenced',
    nodes: EVERY_SIZE,
    quick: [2],
    async tell(cluster) {
      await stopAndStart(cluster, await mirrorOf(cluster));
      await stopAndStart(cluster, await cluster.serving());
    },
  },
];
