import { setTimeout as delay } from 'node:timers/promises';
import { TOKEN, type EngineCluster } from '../engine-cluster.ts';
import type { EngineNode, Part } from '../engine-node.ts';
import {
  answering,
  cutSince,
  demandUntouched,
  EVERY_SIZE,
  known,
  mirrorOf,
  missed,
  type Story,
} from '../story.ts';
import { until } from '../wait.ts';

/** Ends the engine and waits for the next one, which looks and learns. */
async function restartEngine(
  cluster: EngineCluster,
  node: EngineNode,
  signal: 'SIGKILL' | 'SIGTERM',
): Promise<void> {
  const starts = node.engineStarts();
  await node.signal('engine', signal);
  await until(`another engine on ${node.name}`, () => (node.engineStarts() > starts ? undefined : 'none'));
  await answering(cluster, node);
}

/** The engine has it started again: where that takes longer than the token, the node is fenced before. */
async function killCorosync(node: EngineNode): Promise<void> {
  const loss = 'Corosync does not answer';
  const before = node.said(loss);
  await node.signal('corosync', 'SIGKILL');
  await until(`${node.name} having noticed`, () => (node.said(loss) > before ? undefined : 'it has not'));
}

/** Stops a part until the others have given the node up, then lets it go on: it may be off by then. */
async function freeze(cluster: EngineCluster, node: EngineNode, part: Part): Promise<void> {
  await node.signal(part, 'SIGSTOP');
  await missed(cluster, node);
  await node.signal(part, 'SIGCONT').catch(() => undefined);
}

export const processStories: readonly Story[] = [
  {
    name: 'reattach: every engine is killed in turn, and all at once; nothing is touched',
    nodes: EVERY_SIZE,
    quick: EVERY_SIZE,
    async tell(cluster) {
      const began = cluster.now();
      for (const node of cluster.nodes) {
        await restartEngine(cluster, node, 'SIGKILL');
        await cluster.well();
      }
      await Promise.all(cluster.nodes.map((node) => restartEngine(cluster, node, 'SIGKILL')));
      await cluster.well();
      demandUntouched(cluster, began);
    },
  },
  {
    name: 'restart: every engine is restarted in order, as an upgrade does; nothing is touched',
    nodes: EVERY_SIZE,
    quick: [],
    async tell(cluster) {
      const began = cluster.now();
      for (const node of cluster.nodes) {
        await restartEngine(cluster, node, 'SIGTERM');
        await cluster.well();
      }
      demandUntouched(cluster, began);
    },
  },
  {
    name: 'component failure: the agent hosts are killed everywhere; nothing is touched',
    nodes: EVERY_SIZE,
    quick: [2],
    async tell(cluster) {
      const began = cluster.now();
      for (const node of cluster.nodes) await node.signal('agents', 'SIGKILL');
      await cluster.well();
      demandUntouched(cluster, began);
    },
  },
  {
    name: 'component failure: Corosync is killed on the serving node, then on the other one',
    nodes: EVERY_SIZE,
    quick: [3],
    async tell(cluster) {
      for (let turn = 0; turn < 2; turn += 1) {
        await killCorosync(await cluster.serving());
        await cluster.well();
      }
    },
  },
  {
    name: 'component failure: Corosync is killed everywhere at once',
    nodes: EVERY_SIZE,
    quick: [2],
    async tell(cluster) {
      await Promise.all(cluster.nodes.map(killCorosync));
      await cluster.well();
    },
  },
  {
    name: 'component failure: an engine does not come back within its limit; its node is fenced',
    nodes: [2, 3],
    quick: [3],
    async tell(cluster) {
      const serving = await cluster.serving();
      const began = cluster.now();
      serving.superviseEngine(false);
      await serving.signal('engine', 'SIGKILL');
      await known(cluster, serving, 'engine-gone');
      await cutSince(cluster, began, serving);
      serving.superviseEngine(true);
      await cluster.well();
    },
  },
  {
    name: 'frozen: Corosync of the serving node stands still for longer than the token',
    nodes: EVERY_SIZE,
    quick: [2],
    async tell(cluster) {
      await freeze(cluster, await cluster.serving(), 'corosync');
      await cluster.well();
    },
  },
  {
    name: 'frozen: a whole node stands still for longer than the token, the mirror, then the serving one',
    nodes: EVERY_SIZE,
    quick: [5],
    async tell(cluster) {
      await freeze(cluster, await mirrorOf(cluster), 'all');
      await cluster.well();
      await freeze(cluster, await cluster.serving(), 'all');
      await cluster.well();
    },
  },
  {
    name: 'frozen: an engine stands still for longer than the token while its Corosync goes on; nothing is touched',
    nodes: EVERY_SIZE,
    quick: [3],
    async tell(cluster) {
      const began = cluster.now();
      for (const node of [await mirrorOf(cluster), await cluster.controller()]) {
        await node.signal('engine', 'SIGSTOP');
        await delay(TOKEN * 1.5);
        await node.signal('engine', 'SIGCONT');
        await cluster.well();
      }
      demandUntouched(cluster, began);
    },
  },
];
