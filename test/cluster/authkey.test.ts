import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { milliseconds } from '../../src/model/index.ts';
import { formedConfig } from './formed-config.ts';
import { startNodes } from './nodes.ts';
import type { ClusterNode, Nodes } from './nodes.ts';

const TOKEN = milliseconds(1000);
/** What a node that may join needs at most, and one that may not gets. Milliseconds. */
const JOINS_WITHIN = 15_000;

let cluster: Nodes | undefined;

afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

async function output(node: ClusterNode, argv: readonly string[]): Promise<string> {
  const child = await node.spawn(argv);
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await child.ended;
  return text;
}

/** How many votes this node counts, and whether it is quorate. */
async function votes(node: ClusterNode): Promise<string> {
  const text = await output(node, ['corosync-quorumtool', '-s']);
  return `${/Total votes:\s*([0-9]+)/.exec(text)?.[1] ?? '?'} ${/Quorate:\s*(\w+)/.exec(text)?.[1] ?? '?'}`;
}

async function giveKey(node: ClusterNode, key: Buffer): Promise<void> {
  const path = join(node.folder, 'etc/authkey');
  await rm(path);
  await writeFile(path, key, { mode: 0o400 });
}

const seen = (node: ClusterNode) => expect.poll(() => votes(node), { timeout: JOINS_WITHIN, interval: 500 });

test('a node that goes on alone takes another key without ending; who has the old one stays out, who has the new one joins', async () => {
  cluster = await startNodes(2, {
    links: 2,
    configuration: formedConfig({ count: 2, links: 2, token: TOKEN }),
  });
  const [one, two] = cluster.nodes as [ClusterNode, ClusterNode];
  await seen(one).toBe('2 Yes');
  await two.powerOff();
  await seen(one).toBe('1 Yes');

  const key = randomBytes(128);
  await giveKey(one, key);
  expect(await output(one, ['corosync-cfgtool', '-R'])).toContain('Done');
  await delay(1000);
  expect(await votes(one)).toBe('1 Yes');

  // The old machine comes back with all that it knew.
  await two.boot();
  await two.startCorosync();
  await delay(JOINS_WITHIN);
  expect(await votes(one)).toBe('1 Yes');
  expect(await votes(two)).not.toBe('2 Yes');
  await two.powerOff();

  // Another machine in its place, to which the key was given.
  await giveKey(two, key);
  await two.boot();
  await two.startCorosync();
  await seen(one).toBe('2 Yes');
  await seen(two).toBe('2 Yes');
});
