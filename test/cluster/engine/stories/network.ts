import { setTimeout as delay } from 'node:timers/promises';
import { deviceAddressOf } from '../configuration.ts';
import {
  cutSince,
  demandUntouched,
  EVERY_SIZE,
  heal,
  known,
  mirrorOf,
  missed,
  watch,
  type Story,
} from '../story.ts';
import { TOKEN } from '../engine-cluster.ts';
import { until } from '../wait.ts';

export const networkStories: readonly Story[] = [
  {
    name: 'split brain: two nodes without a network; the one that serves wins the race',
    nodes: [2],
    quick: [2],
    async tell(cluster) {
      const [serving, mirror] = [await cluster.serving(), await mirrorOf(cluster)];
      const began = cluster.now();
      await serving.machine.cut();
      await cutSince(cluster, began, mirror);
      await heal(serving);
      await cluster.well();
      demandUntouched(cluster, began, serving);
    },
  },
  {
    name: 'split brain: the serving node is cut off; the majority fences it and serves',
    nodes: [3, 5],
    quick: [3],
    async tell(cluster) {
      const [serving, mirror] = [await cluster.serving(), await mirrorOf(cluster)];
      const began = cluster.now();
      await serving.machine.cut();
      await cutSince(cluster, began, serving);
      await heal(serving);
      await cluster.well();
      if ((await cluster.serving()) !== mirror) throw new Error(`${mirror.name} does not serve`);
    },
  },
  {
    name: 'split brain: both nodes with disks on one side, the majority on the other',
    nodes: [5],
    quick: [5],
    async tell(cluster) {
      const islanders = cluster.nodes.slice(0, 2);
      const began = cluster.now();
      for (const node of islanders) await node.machine.moveTo('island');
      await Promise.all(islanders.map((node) => cutSince(cluster, began, node)));
      await cluster.well();
    },
  },
  {
    name: 'split brain: the serving node cannot be fenced; nothing of it is started before it can',
    nodes: EVERY_SIZE,
    quick: [2],
    async tell(cluster) {
      const [serving, mirror] = [await cluster.serving(), await mirrorOf(cluster)];
      const devices = cluster.nodes.map(({ machine }) => deviceAddressOf(machine.id));
      for (const device of devices) cluster.power.breakDevice(device);
      const began = cluster.now();
      await serving.machine.cut();
      await until('a fencing that fails', async () => {
        const view = await cluster.status(mirror);
        const seen = view?.nodes.find(({ name }) => name === serving.name);
        return seen?.fencing?.failure === undefined ? `it is ${String(seen?.state)}` : undefined;
      });
      await watch(TOKEN, () => demandUntouched(cluster, began));
      for (const device of devices) cluster.power.mendDevice(device);
      await until('one of the two losing its power', () =>
        cluster.journal().some(({ kind, at }) => kind === 'off' && at > began) ? undefined : 'both are on',
      );
      await heal(serving);
      await cluster.well();
    },
  },
  {
    name: 'a link that flaps for less than the token takes',
    nodes: EVERY_SIZE,
    quick: [2],
    async tell(cluster) {
      const mirror = await mirrorOf(cluster);
      for (let flap = 0; flap < 6; flap += 1) {
        await mirror.machine.cut();
        await delay(TOKEN / 10);
        await heal(mirror);
        await delay(TOKEN / 10);
      }
      await cluster.well();
    },
  },
  {
    name: 'a link that comes back at the moment at which its node is given up',
    nodes: EVERY_SIZE,
    quick: [3],
    async tell(cluster) {
      for (const pick of [mirrorOf, () => cluster.serving()]) {
        const node = await pick(cluster);
        await node.machine.cut();
        await missed(cluster, node);
        await heal(node);
        await cluster.well();
      }
    },
  },
  {
    name: 'the controller is cut off, and the next one, and the next one',
    nodes: [3, 5],
    quick: [],
    async tell(cluster) {
      for (let turn = 0; turn < 3; turn += 1) {
        const controller = await cluster.controller();
        const began = cluster.now();
        await controller.machine.cut();
        await cutSince(cluster, began, controller);
        await known(
          cluster,
          controller,
          'online',
          cluster.nodes.filter((each) => each !== controller),
        );
        await cluster.well();
      }
    },
  },
];
