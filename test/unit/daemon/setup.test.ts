import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createInvitation } from '../../../src/daemon/invitation.ts';
import { createKeptSecret } from '../../../src/daemon/kept-secret.ts';
import { createSetup, type SetupOptions } from '../../../src/daemon/setup.ts';
import { askSetup } from '../../../src/daemon/setup-requests.ts';
import {
  encodeJoinCode,
  failed,
  failure,
  milliseconds,
  success,
  type ClusterConfig,
  type ClusterFile,
  type RequestOf,
  type Result,
} from '../../../src/model/index.ts';
import { certificateFingerprint } from '../../../src/platform/formation/certificate.ts';
import { createRandom } from '../../../src/platform/world.ts';
import { serve, type Served } from '../api/served.ts';
import { disk, factsOf, healthyMachine, lsblk } from '../doctor/machine.ts';
import { config, otherMachine } from '../doctor/members.ts';

const hour = 3600 * 1000;
let folder: string;
/** The other node: its real API over real TLS, with its real invitation behind. */
let served: Served;
let isMember: boolean;
let now: number;
const joins = vi.fn<(request: RequestOf<'cluster.join'>) => Promise<Result<{ clusterName: string }>>>();
let invitation: ReturnType<typeof createInvitation>;

const clock = { now: () => milliseconds(now) };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keelson-'));
  served = await serve();
  isMember = false;
  now = Date.now();
  joins.mockReset();
  joins.mockResolvedValue(success({ clusterName: 'san' }));
  invitation = createInvitation({
    hostName: 'san-b',
    clock,
    kept: createKeptSecret({ file: join(folder, 'join-code'), random: createRandom(), clock }),
    fingerprint: () => certificateFingerprint(served.directory),
    ownAddress: () => Promise.resolve('127.0.0.1'),
    membership: { join: joins },
    look: (order) => factsOf(otherMachine(), { node: 'san-b', config: undefined, candidates: order.disks }),
  });
  const request = served.gateway.request.bind(served.gateway);
  served.gateway.request = (kind, asked) =>
    kind === 'setup.invited'
      ? (askSetup({ invitation, setup: setupOf() }, kind, asked, isMember) as never)
      : request(kind, asked);
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await served.close();
});

const setupOf = (more: Partial<SetupOptions> = {}) =>
  createSetup({
    hostName: 'san-a',
    clock,
    random: createRandom(),
    port: Number(new URL(served.url).port),
    membership: { joinSecret: () => Promise.resolve(success({ joinSecret: 'the-join-secret' })) },
    current: () => undefined,
    look: (order) => factsOf(healthyMachine(), { node: 'san-a', config: undefined, candidates: order.disks }),
    ...more,
  });

async function code(): Promise<string> {
  const made = await invitation.code({});
  if (!made.ok) throw new Error(made.failure.message);
  return made.value.code;
}

const member = (): ClusterConfig => config;

test('a set-up sees both machines by the code of the other one: names, addresses, and which disks are free', async () => {
  const seen = await setupOf().look({ code: await code() });
  if (!seen.ok) throw new Error(seen.failure.message);
  const { machine, other } = seen.value;
  expect([machine.node, other?.node]).toEqual(['san-a', 'san-b']);
  expect(machine.addresses).toContainEqual({
    card: 'mgmt0',
    address: '10.77.0.11',
    prefix: 24,
    speed: 10000,
  });
  expect(other?.addresses.map(({ address }) => address)).toContain('10.77.1.12');
  expect(machine.disks).toEqual([
    { device: '/dev/sda', size: 34359738368, taken: 'it is in use: mounted on /boot/efi and mounted on /' },
    { device: '/dev/sdb', size: 34359738368 },
  ]);
  expect(statSync(join(folder, 'join-code')).mode & 0o777).toBe(0o600);
});

test('a disk is known by the name that stays the same and says most', async () => {
  const machine = healthyMachine();
  machine.programs['lsblk'] = lsblk(disk('nvme0n1'));
  const facts = await factsOf(machine, { node: 'san-a', config: undefined, candidates: [] });
  const names = {
    '/dev/disk/by-id/wwn-0x5000': '/dev/nvme0n1',
    '/dev/disk/by-id/nvme-eui.0025': '/dev/nvme0n1',
    '/dev/disk/by-id/nvme-Maker_Model_S123': '/dev/nvme0n1',
    '/dev/disk/by-id/ata-Other': '/dev/sdz',
  };
  const told = { ...facts, looks: { ...facts.looks, diskNames: { seen: true as const, value: names } } };
  const seen = await setupOf({ look: () => Promise.resolve(told) }).look({});
  expect(seen).toMatchObject({
    value: { machine: { disks: [{ path: '/dev/disk/by-id/nvme-Maker_Model_S123' }] } },
  });
});

const file: ClusterFile = {
  name: 'san',
  nodes: [11, 12].map((last, index) => ({
    name: index === 0 ? 'san-a' : 'san-b',
    management: `10.77.0.${last}`,
    cluster: `10.77.1.${last}`,
    replication: `10.77.2.${last}`,
    disk: '/dev/disk/by-id/blank',
    fence: { kind: 'ipmi', address: `10.77.0.2${last}`, username: 'u', password: 'secret-of-the-board' },
  })),
  pool: { name: 'pool1' },
  target: { iqn: 'iqn.2026-11.com.example:san', portals: ['10.99.0.100/24'] },
  hosts: [],
};

test('what is planned is looked at before anything is made: a portal that no card can carry, and nothing behind the boards', async () => {
  const seen = await setupOf().look({ code: await code(), file });
  if (!seen.ok) throw new Error(seen.failure.message);
  const codes = seen.value.diagnoses.map(({ node, code: found }) => `${node ?? 'both'} ${found}`);
  expect(codes).toContain('san-a portal_without_card');
  expect(codes).toContain('san-b portal_without_card');
  expect(codes).toContain('san-b fence_board_alone');
});

test('the other node joins with the join secret, which goes to nobody else, and the code is used up', async () => {
  const used = await code();
  const setup = setupOf({ current: member });
  expect(await setup.join({ code: used, node: 'san-b' })).toEqual(success({ clusterName: 'san' }));
  expect(joins.mock.calls).toEqual([
    [{ address: config.nodes['san-a']?.management, secret: 'the-join-secret', node: 'san-b' }],
  ]);
  const again = await setup.join({ code: used, node: 'san-b' });
  expect(again).toMatchObject({ failure: { code: 'join_code_wrong' } });
  isMember = true;
  expect(await setup.join({ code: used, node: 'san-b' })).toMatchObject({
    failure: { code: 'cluster_exists' },
  });
});

test('a join that fails leaves the code valid, so that the next attempt completes it', async () => {
  const kept = await code();
  joins.mockResolvedValueOnce(failed(failure('disk_has_data', 'it carries ext4')));
  const setup = setupOf({ current: member });
  expect(await setup.join({ code: kept, node: 'san-b' })).toMatchObject({
    failure: { code: 'disk_has_data', message: expect.stringContaining('it carries ext4') as string },
  });
  expect(await setup.join({ code: kept, node: 'san-b' })).toMatchObject({ ok: true });
});

test('a code that is another one, or a day old, or of another node than planned, brings nobody in', async () => {
  const setup = setupOf({ current: member });
  const right = await code();
  const wrong = encodeJoinCode({ secret: '0'.repeat(32), address: '127.0.0.1' });
  expect(await setup.join({ code: wrong, node: 'san-b' })).toMatchObject({
    failure: { code: 'join_code_wrong' },
  });
  expect(await setup.join({ code: right, node: 'san-c' })).toMatchObject({
    failure: { code: 'join_code_wrong', message: 'the join code is of san-b, not of san-c' },
  });
  now += 25 * hour;
  expect(await setup.join({ code: right, node: 'san-b' })).toMatchObject({
    failure: { code: 'join_code_wrong' },
  });
  expect(joins).not.toHaveBeenCalled();
});

test('a machine that answers there without knowing the code is told nothing that is worth anything', async () => {
  const heard: string[] = [];
  served.gateway.request = (_kind, asked) => {
    heard.push(JSON.stringify(asked));
    return Promise.resolve(success<never>({ answer: `${'0'.repeat(64)} {"node":"san-b"}` } as never));
  };
  const secret = '0123456789abcdef0123456789abcdef';
  const setup = setupOf({ current: member });
  const answer = await setup.join({ code: encodeJoinCode({ secret, address: '127.0.0.1' }), node: 'san-b' });
  expect(answer).toMatchObject({ failure: { code: 'peer_not_trusted' } });
  expect(heard).toHaveLength(1);
  expect(heard.join()).not.toContain(secret);
  expect(heard.join()).not.toContain('the-join-secret');
});

test('the code of this very node is refused, and so is a look where there is a cluster', async () => {
  const own = setupOf({ hostName: 'san-b' });
  expect(await own.look({ code: await code() })).toMatchObject({ failure: { code: 'join_code_wrong' } });
  expect(await setupOf({ current: member }).look({})).toMatchObject({ failure: { code: 'cluster_exists' } });
});
