import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { ClusterFile } from '../../../src/api/schemas/index.ts';
import { createJoinSecrets } from '../../../src/daemon/join-secrets.ts';
import { createMembership, type Membership } from '../../../src/daemon/membership.ts';
import { createSbd } from '../../../src/daemon/sbd.ts';
import { readSettings } from '../../../src/daemon/settings.ts';
import { createWitness } from '../../../src/daemon/witness.ts';
import { initialConfig } from '../../../src/engine/index.ts';
import { milliseconds, success } from '../../../src/model/index.ts';
import { decodeJoinSecret } from '../../../src/platform/formation/join-secret.ts';
import { createClock, createLog, createRandom } from '../../../src/platform/world.ts';

const file = ClusterFile.parse(parse(readFileSync('docs/cluster.example.yaml', 'utf8')));
const config = initialConfig(file, { clusterId: 'c', poolSecret: 's' });
const random = createRandom();

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keelson-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function member(
  online: readonly string[],
  current: () => typeof config | undefined = () => config,
): Membership {
  const environment = {
    KEELSON_STATE: folder,
    KEELSON_ETC: folder,
    KEELSON_COROSYNC: join(folder, 'corosync'),
  };
  mkdirSync(join(folder, 'corosync'));
  writeFileSync(join(folder, 'corosync/authkey'), 'key');
  writeFileSync(join(folder, 'token'), 'token');
  const fingerprint = 'ab'.repeat(32);
  const log = createLog({ write: () => true, writableLength: 0 });
  return createMembership({
    settings: readSettings(environment, 'agent-host.ts'),
    random,
    secrets: createJoinSecrets({
      file: join(folder, 'join-secret'),
      random,
      clock: createClock(),
      fingerprint,
    }),
    sbd: createSbd({ stateFolder: folder, log }),
    witness: createWitness({ log }),
    hostName: 'elsewhere',
    current,
    log,
    measure: () => Promise.resolve({ roundTrip: milliseconds(0.4), stall: milliseconds(300) }),
    isOnline: (node) => online.includes(node),
    found: vi.fn(() => Promise.resolve(success(undefined))),
  });
}

async function secretOf(membership: Membership): Promise<string> {
  const shown = await membership.joinSecret();
  const decoded = shown.ok ? decodeJoinSecret(shown.value.joinSecret) : shown;
  if (!decoded.ok) throw new Error(decoded.failure.message);
  return decoded.value.secret;
}

test('a node that is away is admitted with the secret', async () => {
  const membership = member(['san-a']);
  const secret = await secretOf(membership);
  expect(await membership.admit({ secret, node: 'san-b' })).toMatchObject({ ok: true });
  expect(await membership.admit({ secret, node: 'san-c' })).toMatchObject({
    failure: { code: 'node_not_found' },
  });
  expect(await membership.admit({ secret: '0', node: 'san-b' })).toMatchObject({
    failure: { code: 'join_secret_wrong' },
  });
});

test('nothing is handed out in the name of a node that is a member just now', async () => {
  const membership = member(['san-a', 'san-b']);
  const secret = await secretOf(membership);
  for (const node of ['san-a', 'san-b'])
    expect(await membership.admit({ secret, node })).toMatchObject({
      failure: { code: 'node_already_member' },
    });
});

test('while a machine is replaced, only the new one is let in, with a secret made for that, when the keys are new', async () => {
  let current = config;
  const membership = member(['san-a'], () => current);
  const before = await secretOf(membership);
  const replacement = {
    node: 'san-b',
    machine: true,
    disks: { main: '/dev/disk/by-id/new' },
    phase: 'keys',
    operation: 'operation-1',
  } as const;
  current = { ...config, replacement };
  const wrong = { failure: { code: 'join_secret_wrong' } };
  expect(await membership.admit({ secret: before, node: 'san-b' })).toMatchObject(wrong);
  const secret = await secretOf(membership);
  expect(await membership.admit({ secret, node: 'san-b' })).toMatchObject({
    failure: { code: 'replacement_not_ready' },
  });
  current = { ...config, replacement: { ...replacement, phase: 'fill' } };
  expect(await membership.admit({ secret, node: 'san-b' })).toMatchObject({ ok: true });
  expect(await membership.admit({ secret, node: 'san-a' })).toMatchObject(wrong);
  // When it is over, what was made for it lets nobody in.
  current = config;
  expect(await membership.admit({ secret, node: 'san-b' })).toMatchObject(wrong);
});

test('a fence device that is only for tests is refused before anything else is looked at, unless all of it is a trial', async () => {
  const membership = member([], () => undefined);
  const [first, second] = file.nodes;
  if (first === undefined || second === undefined) throw new Error('the example has two nodes');
  const init = (device: object, cluster: object = {}) => {
    const nodes = [{ ...first, fence: { kind: 'null', ...device } as never }, second];
    return membership.init({ file: { ...file, ...cluster, nodes }, node: 'san-a' });
  };
  const told = (said: string) => ({
    failure: {
      code: 'fence_test_only',
      message: expect.stringContaining(`and ${said} does not say`) as string,
    },
  });
  expect(await init({})).toMatchObject(told('the device and the cluster'));
  expect(await init({ testOnly: true })).toMatchObject(told('the cluster'));
  expect(await init({}, { testOnly: true })).toMatchObject(told('the device'));
  expect(await init({ testOnly: true }, { testOnly: true })).toMatchObject({
    failure: { code: 'node_name_differs' },
  });
});

test('a node is named as its host, and what is refused leaves no trace', async () => {
  const membership = member([], () => undefined);
  const refused = await membership.init({ file, node: 'san-a' });
  expect(refused).toMatchObject({
    failure: { code: 'node_name_differs', message: expect.stringMatching(/san-a.*elsewhere/) as string },
  });
  expect(await membership.joinSecret()).toMatchObject({ failure: { code: 'cluster_missing' } });
  expect(readFileSync(join(folder, 'token'), 'utf8')).toBe('token');
});
