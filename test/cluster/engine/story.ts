import { deviceAddressOf } from './configuration.ts';
import type { EngineCluster } from './engine-cluster.ts';
import type { EngineNode } from './engine-node.ts';
import { until } from './wait.ts';

/** Begins and ends with a healthy cluster; the end is checked by who tells it. */
export interface Story {
  readonly name: string;
  /** The sizes of cluster that it is told with. */
  readonly nodes: readonly number[];
  /** The sizes for which it is part of `npm test` too. */
  readonly quick: readonly number[];
  tell(cluster: EngineCluster): Promise<void>;
}

export const EVERY_SIZE = [2, 3, 5];

/** The node with the pool's other disk. */
export async function mirrorOf(cluster: EngineCluster): Promise<EngineNode> {
  const serving = await cluster.serving();
  const other = cluster.nodes.slice(0, 2).find(({ name }) => name !== serving.name);
  if (other === undefined) throw new Error('there is no other node with a disk');
  return other;
}

/** Waits until the node's power was cut, by whomever. */
export const cutSince = (cluster: EngineCluster, at: number, node: EngineNode): Promise<void> =>
  until(`${node.name} losing its power`, () =>
    cluster.journal().some((entry) => entry.kind === 'off' && entry.node === node.name && entry.at > at)
      ? undefined
      : 'it is on',
  );

/** Waits until all nodes that are on, or those given, know this of the node. */
export const known = (
  cluster: EngineCluster,
  node: EngineNode,
  state: string,
  by: readonly EngineNode[] = cluster.nodes.filter((each) => each !== node && each.isOn()),
): Promise<void> =>
  until(`${node.name} known to be ${state}`, async () => {
    for (const other of by) {
      const view = await cluster.status(other);
      if (view?.synchronised !== true) return `${other.name} is not synchronised`;
      const seen = view.nodes.find(({ name }) => name === node.name)?.state;
      if (seen !== state) return `${other.name} says ${String(seen)}`;
    }
    return undefined;
  });

/** Waits until one of the others does not count on the node any more. */
export const missed = (cluster: EngineCluster, node: EngineNode): Promise<void> =>
  until(`${node.name} missed`, async () => {
    for (const other of cluster.nodes) {
      const view = other === node ? undefined : await cluster.status(other);
      const state = view?.nodes.find(({ name }) => name === node.name)?.state;
      if (state !== undefined && state !== 'online') return undefined;
    }
    return 'it is online';
  });

/** Waits until the node's engine answers, whatever it says. */
export const answering = (cluster: EngineCluster, node: EngineNode): Promise<void> =>
  until(`the engine of ${node.name} answering`, async () =>
    (await cluster.status(node)) === undefined ? 'it does not answer' : undefined,
  );

/** Puts the cable back in. A node that was fenced meanwhile has none just now, and gets a new one when it boots. */
export const heal = (node: EngineNode): Promise<void> => node.machine.heal().catch(() => undefined);

/** Powers a node off so that fencing does not bring it back. */
export async function takeAway(cluster: EngineCluster, node: EngineNode): Promise<void> {
  cluster.power.holdOff(deviceAddressOf(node.machine.id), true);
  await node.powerOff();
}

export async function bringBack(cluster: EngineCluster, node: EngineNode): Promise<void> {
  cluster.power.holdOff(deviceAddressOf(node.machine.id), false);
  await node.powerOn();
}

/** Nothing but looks was done since then; for what must leave no trace. */
export function demandUntouched(cluster: EngineCluster, at: number, node?: EngineNode): void {
  const touched = cluster.touchedSince(at, node);
  if (touched.length > 0)
    throw new Error(`touched: ${touched.map((entry) => JSON.stringify(entry)).join(', ')}`);
}

/** Looks at something that must not change, for as long as it would take to. */
export async function watch(duration: number, look: () => void): Promise<void> {
  const end = performance.now() + duration;
  await until('the end of the watch', () => {
    look();
    return performance.now() > end ? undefined : 'it goes on';
  });
}
