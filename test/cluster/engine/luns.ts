import { EXTENT } from '../../../src/model/index.ts';
import type { EngineCluster } from './engine-cluster.ts';
import type { EngineNode } from './engine-node.ts';
import { until } from './wait.ts';

/** A LUN whose creation was acknowledged: from then on it is never lost (S7). */
export interface Acknowledged {
  readonly name: string;
  readonly serial: string;
}

let counter = 0;

/** Never the same name twice: a LUN of the same name may be another disk. */
export const freshName = (): string => `lun-${(counter += 1)}`;

/** Asks once. */
export async function askForLun(node: EngineNode, name: string): Promise<Acknowledged | string> {
  const answer = await node.request('lun.create', { name, size: EXTENT }, 20);
  return answer.ok
    ? { name, serial: answer.value.lun.serial }
    : `${answer.failure.message} (${answer.failure.code})`;
}

/** Repeats the request until it is acknowledged, as its schema allows. */
export async function createLun(node: EngineNode, name = freshName()): Promise<Acknowledged> {
  let made: Acknowledged | undefined;
  await until(`creating ${name} through ${node.name}`, async () => {
    const answer = await askForLun(node, name);
    if (typeof answer === 'string') return answer;
    made = answer;
    return undefined;
  });
  if (made === undefined) throw new Error('until resolved without a result');
  return made;
}

/** Until its volume is made and it is exported: nothing is left to be done for it. */
export const inService = (node: EngineNode, { name }: Acknowledged): Promise<void> =>
  until(`${name} in service`, async () => {
    const answer = await node.request('lun', { name });
    if (!answer.ok) return answer.failure.message;
    const { state, servedBy } = answer.value;
    return state === 'ready' && servedBy !== undefined ? undefined : `it is ${state}`;
  });

export const deleteLun = (node: EngineNode, name: string): Promise<void> =>
  until(`deleting ${name} through ${node.name}`, async () => {
    const answer = await node.request('lun.delete', { name }, 20);
    return answer.ok ? undefined : `${answer.failure.message} (${answer.failure.code})`;
  });

/** What was acknowledged is on the disk of every node, as it was acknowledged. */
export async function demandOnDisks(cluster: EngineCluster, luns: readonly Acknowledged[]): Promise<void> {
  for (const node of cluster.nodes) {
    const { config } = await node.stored();
    for (const { name, serial } of luns)
      if (config.luns[name]?.serial !== serial)
        throw new Error(`${node.name} has lost ${name} (${serial}): ${JSON.stringify(config.luns[name])}`);
  }
}
