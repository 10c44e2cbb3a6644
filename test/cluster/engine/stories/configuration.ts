import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineNode } from '../engine-node.ts';
import { keelsondLog, stateFolder } from '../node-programs.ts';
import { answering, bringBack, demandUntouched, known, mirrorOf, takeAway, type Story } from '../story.ts';
import { until } from '../wait.ts';

const configOf = (node: EngineNode): string => join(stateFolder(node.machine.folder), 'config');

/** One bit, in the middle of the file: no write of the node may be under way. */
async function flipBit(node: EngineNode, name: string): Promise<void> {
  const path = join(configOf(node), name);
  const content = await readFile(path);
  const at = Math.floor(content.length / 2);
  content.writeUInt8(content.readUInt8(at) ^ 0x10, at);
  await writeFile(path, content);
}

/** The damage was told, and is over. */
async function demandMended(node: EngineNode): Promise<void> {
  await until('the damage told and over', async () => {
    const log = await readFile(keelsondLog(node.machine.folder), 'utf8');
    if (!/damaged.*\(store_damaged\)|is damaged; .*starts with revision/.test(log)) return 'it was not told';
    return log.includes(`${node.name}: it is over: a record`) ? undefined : 'it is not over';
  });
  const lost = await node.request('config.lost', {});
  if (!lost.ok || lost.value.length > 0) throw new Error(`lost: ${JSON.stringify(lost)}`);
}

export const configurationStories: readonly Story[] = [
  {
    name: 'damaged configuration: a bit flips on a node that is off; it comes back and takes the others’',
    nodes: [2, 3],
    quick: [2],
    async tell(cluster) {
      const node = await mirrorOf(cluster);
      await takeAway(cluster, node);
      await known(cluster, node, 'offline');
      await flipBit(node, 'configuration.log');
      await bringBack(cluster, node);
      await cluster.well();
      await demandMended(node);
    },
  },
  {
    name: 'damaged configuration: a bit flips under a running engine, which is killed; nothing is touched',
    nodes: [2],
    quick: [],
    async tell(cluster) {
      const node = await cluster.serving();
      const began = cluster.now();
      await flipBit(node, 'configuration.log');
      const starts = node.engineStarts();
      await node.signal('engine', 'SIGKILL');
      await until('another engine', () => (node.engineStarts() > starts ? undefined : 'none'));
      await answering(cluster, node);
      await cluster.well();
      await demandMended(node);
      demandUntouched(cluster, began);
    },
  },
];
