import { setTimeout as delay } from 'node:timers/promises';
import type { EngineCluster } from './engine-cluster.ts';
import type { EngineNode } from './engine-node.ts';
import { askForLun, freshName, type Acknowledged } from './luns.ts';

/** LUNs that one caller keeps at a time; the pool must not become full. */
const KEPT = 4;
const PAUSE_AFTER_REFUSAL = 50;

/** Changes of the configuration through every node, one after the other each, for as long as it is not stopped. */
export interface Load {
  /** Changes that were acknowledged so far. */
  acknowledged(): number;
  /**
   * What is missing on a node's disk of what was acknowledged before the call. Right at any moment, also while the load
   * goes on and right after a power cut: acknowledged means on the disk of every online node.
   */
  lost(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export function startLoad(cluster: EngineCluster): Load {
  /** Acknowledged, and not asked to be deleted since. */
  const present = new Map<string, Acknowledged>();
  const deleted = new Set<string>();
  let count = 0;
  let stopped = false;
  const callers = cluster.nodes.map((node) => call(node));

  async function call(node: EngineNode): Promise<void> {
    const own: string[] = [];
    while (!stopped) {
      const refused = own.length < KEPT ? await create(node, own) : await remove(node, own);
      if (refused) await delay(PAUSE_AFTER_REFUSAL);
    }
  }

  async function create(node: EngineNode, own: string[]): Promise<boolean> {
    const name = freshName();
    const made = await askForLun(node, name);
    // Refused, or nobody knows: then it may be there, and nothing is demanded of it.
    if (typeof made === 'string') return true;
    present.set(name, made);
    own.push(name);
    count += 1;
    return false;
  }

  async function remove(node: EngineNode, own: string[]): Promise<boolean> {
    const [name = ''] = own;
    present.delete(name);
    const answer = await node.request('lun.delete', { name }, 20);
    // It may be busy with its creation; after anything else it is not known whether it was deleted.
    if (!answer.ok) return true;
    own.shift();
    deleted.add(name);
    count += 1;
    return false;
  }

  return {
    acknowledged: () => count,
    async lost() {
      const wanted = [...present.values()];
      const unwanted = [...deleted];
      const complaints: string[] = [];
      for (const node of cluster.nodes) {
        const { config } = await node.stored();
        for (const { name, serial } of wanted)
          if (present.has(name) && config.luns[name]?.serial !== serial)
            complaints.push(`${node.name} has lost ${name} at revision ${config.revision}`);
        for (const name of unwanted)
          if (config.luns[name] !== undefined && config.luns[name].state !== 'deleting')
            complaints.push(`${node.name} has ${name} again at revision ${config.revision}`);
      }
      return complaints;
    },
    async stop() {
      stopped = true;
      await Promise.all(callers);
    },
  };
}
