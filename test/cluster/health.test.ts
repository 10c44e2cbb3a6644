import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { milliseconds } from '../../src/model/index.ts';
import { chooseToken } from '../../src/platform/formation/token-choice.ts';
import { formedConfig } from './formed-config.ts';
import { startNodes } from './nodes.ts';
import type { ClusterNode, Nodes } from './nodes.ts';

const ROOT = join(import.meta.dirname, '../..');
const NODE = join(ROOT, 'node_modules/.bin/node');
/** What a calm machine gets with several links. */
const TOKEN = chooseToken(2, { roundTrip: milliseconds(1), stall: milliseconds(1) }).token;

let cluster: Nodes | undefined;

afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

interface Notice {
  readonly key: string;
  readonly code?: string;
  readonly message?: string;
}

async function watchHealth(node: ClusterNode, peers: readonly ClusterNode[], links: number) {
  const ofPeers = peers.map(
    (peer) => `${peer.id}:${Array.from({ length: links }, (_, link) => peer.address(link)).join(',')}`,
  );
  const program = join(ROOT, 'test/cluster/health-member.ts');
  const child = await node.spawn([NODE, program, String(TOKEN), ...ofPeers]);
  const notices: Notice[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => notices.push(JSON.parse(line) as Notice));
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  return {
    notices,
    errors,
    end: async () => {
      child.stdin.end();
      await child.ended;
    },
  };
}

async function formTwo(links: number): Promise<readonly [ClusterNode, ClusterNode]> {
  const configuration = formedConfig({ count: 2, links, token: TOKEN });
  cluster = await startNodes(2, { links, configuration });
  return cluster.nodes as [ClusterNode, ClusterNode];
}

test('a link that is down is a notice until it is up; a node without links is one notice', async () => {
  const [node1, node2] = await formTwo(3);
  const watch = await watchHealth(node1, [node2], 3);
  // All links come up within the first seconds, and nothing is said of that.
  await delay(12_000);
  expect(watch.notices).toEqual([]);

  await node1.cut(1);
  await expect.poll(() => watch.notices.length, { timeout: 10_000 }).toBe(1);
  expect(watch.notices[0]).toMatchObject({ key: 'corosync-link-node2-1', code: 'link_down' });
  expect(watch.notices[0]?.message).toContain('link 1 to node2 (10.99.1.2) is down');

  await node1.heal(1);
  await expect.poll(() => watch.notices.length, { timeout: 10_000 }).toBe(2);
  expect(watch.notices[1]).toEqual({ key: 'corosync-link-node2-1' });

  await node2.powerOff();
  await expect.poll(() => watch.notices.length, { timeout: 15_000 }).toBe(3);
  expect(watch.notices[2]).toMatchObject({ key: 'corosync-node-node2', code: 'node_unreachable' });
  await node2.boot();
  await node2.startCorosync();
  await expect.poll(() => watch.notices.length, { timeout: 20_000 }).toBe(4);
  expect(watch.notices[3]).toEqual({ key: 'corosync-node-node2' });
  await watch.end();
});

test('a Corosync that was held up is a notice with the share of the token; a restart of Corosync is survived', async () => {
  const [node1, node2] = await formTwo(2);
  const watch = await watchHealth(node1, [node2], 2);
  await delay(4000);
  await node1.pauseCorosync();
  await delay(0.87 * TOKEN);
  await node1.resumeCorosync();
  await expect.poll(() => watch.notices.length, { timeout: 10_000 }).toBe(1);
  expect(watch.notices[0]).toMatchObject({ key: 'corosync-stall', code: 'not_scheduled' });
  const duration = Number(/for (\d+) ms/.exec(watch.notices[0]?.message ?? '')?.[1]);
  expect(duration).toBeGreaterThanOrEqual(0.8 * TOKEN);
  expect(duration).toBeLessThan(4000);
  expect(watch.notices[0]?.message).toContain(`of the token of ${TOKEN} ms`);

  await node1.killCorosync();
  await node1.startCorosync();
  await expect.poll(() => watch.errors.length, { timeout: 10_000 }).toBe(2);
  await delay(12_000);
  await node1.cut(0);
  await expect.poll(() => watch.notices.at(-1)?.key, { timeout: 10_000 }).toBe('corosync-link-node2-0');
  expect(watch.notices).toHaveLength(2);
  await watch.end();
});

test('with the token that is chosen for two links, the loss of either of them does not cost the node', async () => {
  const [node1, node2] = await formTwo(2);
  const logOf = (node: ClusterNode): Promise<string> => node.corosyncLog();
  const memberships = async (node: ClusterNode): Promise<number> =>
    (await logOf(node)).split('A new membership').length;
  await expect.poll(() => logOf(node1), { timeout: 15_000 }).toContain('host: 2 link: 1 is up');
  await expect.poll(() => logOf(node2), { timeout: 15_000 }).toContain('host: 1 link: 1 is up');
  // The ring is whole by then; and knet is more patient with a link that is up for less than ten seconds.
  const becomeSteady = (): Promise<void> => delay(12_000);
  await becomeSteady();
  const before = await Promise.all([node1, node2].map(memberships));
  for (const link of [0, 1]) {
    await node1.cut(link);
    await delay(3000);
    await node1.heal(link);
    await becomeSteady();
  }
  expect((await logOf(node1)).split('is down').length).toBeGreaterThan(2);
  expect(await Promise.all([node1, node2].map(memberships))).toEqual(before);
});
