import { access, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { milliseconds, type Failure, type WitnessCredentials } from '../../src/model/index.ts';
import { decodeWitnessSecret, encodeWitnessSecret } from '../../src/platform/formation/join-secret.ts';
import { formedConfig } from './formed-config.ts';
import { startNodes } from './nodes.ts';
import type { ClusterNode, Nodes } from './nodes.ts';
import type { Order } from './witness-node.ts';
import { installWitness, KEELSON_WITNESS, setUp } from './witness-machine.ts';
import { hasVotes, outputOf, requireWitnessPackages, startDevice } from './witness-peers.ts';

const ROOT = join(import.meta.dirname, '../..');
const NODE = join(ROOT, 'node_modules/.bin/node');
/** Corosync is on network 0, the witness is reached over network 1. */
const WITNESS = '10.99.1.3';
const CLUSTER = 'keelson-test';
const config = { clusterName: CLUSTER, witness: { address: WITNESS, tls: 'required' as const } };

let cluster: Nodes | undefined;

beforeAll(requireWitnessPackages);

afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

/** Three machines whose folders of Corosync are empty but for Corosync's own configuration. */
async function machines(): Promise<[ClusterNode, ClusterNode, ClusterNode]> {
  const configuration = formedConfig({
    count: 2,
    links: 1,
    token: milliseconds(1000),
    witness: config.witness,
  });
  cluster = await startNodes(3, {
    links: 2,
    setUp: {
      configuration,
      startCorosync: false,
      boot: 'mount --bind "$folder/systemctl" /usr/bin/systemctl',
      install: installWitness,
    },
  });
  return cluster.nodes as [ClusterNode, ClusterNode, ClusterNode];
}

interface Ended {
  readonly ok: boolean;
  readonly failure?: Failure;
  readonly value?: WitnessCredentials;
}

/** Undefined where it did not live to the end. */
async function order(node: ClusterNode, wanted: Omit<Order, 'config'>): Promise<Ended | undefined> {
  const { stdout, stderr } = await outputOf(node, [NODE, join(ROOT, 'test/cluster/witness-node.ts')], {
    input: JSON.stringify({ config, ...wanted } satisfies Order),
  });
  if (stdout === '' && wanted.killAt === undefined) throw new Error(stderr);
  return stdout === '' ? undefined : (JSON.parse(stdout) as Ended);
}

const codeOf = async (asked: Promise<Ended | undefined>): Promise<string | undefined> =>
  (await asked)?.failure?.code;

const deviceFolder = (node: ClusterNode): string => join(node.folder, 'etc/qdevice/net');

test('a witness and a cluster know each other by certificates: one command, one secret', async () => {
  const [node1, node2, witness] = await machines();

  // Nobody listens yet, and nobody has a secret.
  const early = encodeWitnessSecret({ fingerprint: 'ab'.repeat(32), secret: '0', port: 8443 });
  expect(await codeOf(order(node1, { secret: early }))).toBe('witness_setup_unreachable');
  expect(await codeOf(order(node1, {}))).toBe('witness_secret_missing');

  const first = await setUp(witness);
  const decoded = decodeWitnessSecret(first.secret);
  if (!decoded.ok) throw new Error(decoded.failure.message);
  const another = encodeWitnessSecret({ ...decoded.value, secret: '0'.repeat(32) });
  expect(await codeOf(order(node1, { secret: another }))).toBe('witness_secret_wrong');
  expect(await codeOf(order(node1, { secret: early }))).toBe('witness_secret_wrong');
  await expect(access(join(node1.folder, 'etc/qdevice'))).rejects.toThrow('ENOENT');

  // Interrupted before there is a request, and again when the witness has signed it.
  expect(await order(node1, { secret: first.secret, killAt: '-r' })).toBeUndefined();
  expect(await order(node1, { secret: first.secret, killAt: '-M' })).toBeUndefined();
  expect(await first.next()).toEqual({ state: 'signed', cluster: CLUSTER });
  await first.child.ended;
  expect(await codeOf(order(node1, { secret: first.secret }))).toBe('witness_setup_unreachable');

  const second = await setUp(witness);
  expect(await codeOf(order(node1, { secret: first.secret }))).toBe('witness_secret_wrong');
  const obtained = await order(node1, { secret: second.secret });
  expect(obtained).toMatchObject({ ok: true });
  expect(await second.next()).toEqual({ state: 'signed', cluster: CLUSTER });
  // The request that was signed already is not signed again: with one CA and one server, this is the third.
  expect(await readdir(join(witness.folder, 'etc/qnetd/nssdb'))).toContain(`cluster-${CLUSTER}.crt`);
  const serial = await outputOf(witness, ['cat', '/etc/corosync/qnetd/nssdb/serial.txt']);
  expect(serial.stdout).toBe('103\n');
  // Repeated with the same secret, and without any, it finds all done.
  expect(await order(node1, { secret: second.secret })).toEqual(obtained);
  expect(await order(node1, {})).toEqual(obtained);

  const install = obtained?.value;
  if (install === undefined) throw new Error('nothing for the second node');
  expect(await order(node2, { install, killAt: '-m' })).toBeUndefined();
  expect(await order(node2, { install })).toEqual({ ok: true });
  expect(await order(node2, { install })).toEqual({ ok: true });
  for (const node of [node1, node2]) {
    expect((await stat(join(deviceFolder(node), 'nssdb'))).mode & 0o777).toBe(0o700);
    const identity = join(deviceFolder(node), 'nssdb/qdevice-net-node.p12');
    expect((await stat(identity)).mode & 0o777).toBe(0o600);
  }

  await Promise.all([node1.startCorosync(), node2.startCorosync()]);
  await Promise.all([startDevice(node1), startDevice(node2)]);
  await Promise.all([hasVotes(node1, 3), hasVotes(node2, 3)]);
  const { stdout } = await outputOf(witness, [...KEELSON_WITNESS, 'status', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({
    connected: [{ name: CLUSTER, nodes: [{ isCertified: true }, { isCertified: true }] }],
    signed: [CLUSTER],
  });
}, 600_000);

test('a name is one cluster’s until a person says that it is gone; Ctrl-C ends a set-up, which may be repeated', async () => {
  const [node1, node2, witness] = await machines();
  // What a set-up leaves whose machine lost power: no certificate of its own, and nothing was ever signed.
  await mkdir(join(witness.folder, 'etc/qnetd/nssdb'));
  await writeFile(join(witness.folder, 'etc/qnetd/nssdb/cert9.db'), '');
  const interrupted = await setUp(witness);
  expect(interrupted.told()).toContain('nssdb.incomplete');
  await interrupted.child.kill('SIGINT');
  await interrupted.child.ended;
  expect(interrupted.told()).toContain('Run it again for a new secret');

  const first = await setUp(witness);
  expect(await order(node1, { secret: first.secret })).toMatchObject({ ok: true });
  await first.child.ended;

  const second = await setUp(witness);
  expect(await codeOf(order(node2, { secret: second.secret }))).toBe('witness_name_taken');
  await expect(access(join(node2.folder, 'etc/qdevice'))).rejects.toThrow('ENOENT');
  await second.child.kill('SIGTERM');
  await second.child.ended;
  const third = await setUp(witness, '--replace', CLUSTER);
  expect(await order(node2, { secret: third.secret })).toMatchObject({ ok: true });
  await third.child.ended;

  // Another witness: what is here of the first is kept beside, and not used.
  await rm(join(witness.folder, 'etc/qnetd/nssdb'), { recursive: true });
  const anew = await setUp(witness);
  expect(await order(node2, { secret: anew.secret })).toMatchObject({ ok: true });
  expect(await readdir(deviceFolder(node2))).toEqual(['nssdb', 'nssdb.replaced']);
}, 600_000);
