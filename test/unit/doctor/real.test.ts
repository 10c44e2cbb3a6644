import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diagnoseNode, examinationOf, type Situation } from '../../../src/diagnosis/index.ts';
import { initialConfig } from '../../../src/engine/index.ts';
import { milliseconds } from '../../../src/model/index.ts';
import { examine } from '../../../src/platform/doctor/examine.ts';
import { lookForOwners } from '../../../src/platform/doctor/owners.ts';
import { lookAtPaths } from '../../../src/platform/doctor/paths.ts';
import { look, thisMachine } from '../../../src/platform/doctor/place.ts';
import { createRun, type Run } from '../../../src/platform/processes/run.ts';

/** The looks on this machine itself: real disks, real cards, the words of the real programs. */
const run = createRun(60_000);
const isRoot = process.getuid?.() === 0;

const must = (program: string, ...args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(program, args);
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr.toString()}`);
  return stdout.toString().trim();
};

const codesOf = async (situation: Situation, through: Run = run) => {
  const facts = await examine(examinationOf(situation), '1.2.3', {
    ...thisMachine(milliseconds(60_000)),
    run: through,
  });
  return {
    facts,
    said: diagnoseNode(facts, situation)
      .filter(({ weight }) => weight !== 'informs')
      .map(({ code, found }) => `${code}: ${found}`),
  };
};

test('a look that hangs ends at its deadline, and says so', async () => {
  const hung = look(() => new Promise<never>(() => undefined), milliseconds(20));
  expect(await hung).toEqual({ seen: false, why: 'no answer within 0.02 s' });
});

describe.skipIf(!isRoot)('disks', { timeout: 120_000 }, () => {
  let folder = '';
  let attached: string[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keelson-doctor-'));
    attached = [];
  });
  afterEach(() => {
    for (const path of attached) spawnSync('losetup', ['--detach', path]);
    rmSync(folder, { recursive: true });
  });

  function device(name: string, content: string | Uint8Array = '', options: readonly string[] = []): string {
    const file = join(folder, name);
    writeFileSync(file, content);
    truncateSync(file, 256 << 20);
    const path = must('losetup', '--find', '--show', ...options, file);
    attached.push(path);
    return path;
  }

  const ofDisks = (said: readonly string[]): readonly string[] =>
    said.filter((one) => one.startsWith('disk_'));

  test('what they carry is found: nothing, an unknown text, a swap area, and a file system that is mounted', async () => {
    const blank = device('blank');
    const unknown = device('unknown', 'ORCLDISK');
    const swap = device('swap');
    const ext4 = device('ext4');
    must('mkswap', swap);
    must('mkfs.ext4', '-q', ext4);
    const mountpoint = join(folder, 'mnt');
    mkdirSync(mountpoint);
    must('mount', ext4, mountpoint);
    try {
      const candidates = [blank, unknown, swap, ext4, '/dev/disk/by-id/scsi-none', '/dev/null'];
      const { said } = await codesOf({ node: 'san-a', config: undefined, candidates });
      expect(ofDisks(said)).toEqual([
        `disk_not_blank: ${unknown} carries nothing that is known, and is not empty`,
        `disk_has_data: ${swap} carries swap`,
        `disk_in_use: ${ext4} is in use: mounted on ${mountpoint}`,
        `disk_has_data: ${ext4} carries ext4`,
        'disk_missing: /dev/disk/by-id/scsi-none is no block device',
        'disk_missing: /dev/null is no block device',
      ]);
    } finally {
      must('umount', mountpoint);
    }
  });

  test('what an earlier DRBD has left at the end is found, and a disk that can only be read', async () => {
    const old = device('old');
    const file = join(folder, 'old');
    const handle = openSync(file, 'r+');
    writeSync(handle, superblock(), 0, 4096, statSync(file).size - 4096);
    closeSync(handle);
    const fixed = device('fixed', '', ['--read-only']);
    const { said } = await codesOf({ node: 'san-a', config: undefined, candidates: [old, fixed] });
    expect(ofDisks(said)).toEqual([
      `disk_has_data: ${old} carries drbd`,
      `disk_read_only: ${fixed} can only be read`,
    ]);
  });
});

/** As `drbdmeta create-md` of drbd-utils 9.22 writes it for DRBD 8.4, in the last 4 KiB of a disk. */
function superblock(): Buffer {
  const block = Buffer.alloc(4096);
  block[0x0f] = 4;
  const words = [0x80, 0x8374026b, 0x50, 0xffffffc0, 0x101, 0xffffffb8, 0x1000, 0, 1, 8];
  words.forEach((word, index) => block.writeUInt32BE(word, 0x38 + 4 * index));
  return block;
}

const namespace = `keelson-doctor-${process.pid}`;

describe.skipIf(!isRoot || spawnSync('ip', ['netns', 'list']).status !== 0)(
  'cards and ports',
  { timeout: 120_000 },
  () => {
    let listener: ChildProcess | undefined;
    beforeEach(() => void must('ip', 'netns', 'add', namespace));
    afterEach(() => {
      listener?.kill('SIGKILL');
      must('ip', 'netns', 'delete', namespace);
    });

    const inside = (...words: readonly string[]): string => must('ip', 'netns', 'exec', namespace, ...words);
    const runInside: Run = (program, args, options) =>
      run('ip', ['netns', 'exec', namespace, program, ...args], options);

    test('in a network of their own: a cable that is out, one subnet twice, a small MTU, a port that is taken', async () => {
      inside('ip', 'link', 'add', 'stora0', 'type', 'veth', 'peer', 'name', 'switch1');
      inside('ip', 'link', 'add', 'storb0', 'type', 'veth', 'peer', 'name', 'switch2');
      for (const name of ['stora0', 'switch1', 'storb0']) inside('ip', 'link', 'set', name, 'up');
      inside('ip', 'link', 'set', 'stora0', 'mtu', '1280');
      inside('ip', 'address', 'add', '10.9.3.11/24', 'dev', 'stora0');
      inside('ip', 'address', 'add', '10.9.3.12/24', 'dev', 'storb0');
      const serve = "require('net').createServer().listen(3260, '0.0.0.0', () => console.log('up'))";
      const words = ['netns', 'exec', namespace, process.execPath, '-e', serve];
      listener = spawn('ip', words, { stdio: ['ignore', 'pipe', 'inherit'] });
      if (listener.stdout !== null) await once(listener.stdout, 'data');

      const config = clusterOf('10.9.3.11', '10.9.3.12');
      const { said } = await codesOf({ node: 'san-a', config, candidates: [] }, runInside);
      const wanted = /^(?:address|bond|card|mtu|networks|port|subnet)/;
      expect(said.filter((one) => wanted.test(one))).toEqual([
        'mtu_small: stora0 (management and cluster) has an MTU of 1280',
        'card_down: storb0 (replication) feels no other end of its cable',
        'subnet_on_two_cards: stora0 and storb0 are both in 10.9.3.0/24',
        expect.stringMatching(/^port_taken: \S+ listens on tcp port 3260, which is for iSCSI$/),
      ]);
    });
  },
);

/** Two machines with a cable between them. */
const [left, right] = [`keelson-left-${process.pid}`, `keelson-right-${process.pid}`];
const hasProbes = ['ping', 'arping', 'ip'].every(
  (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0,
);

describe.skipIf(!isRoot || !hasProbes)('the way between two machines', { timeout: 120_000 }, () => {
  const inside = (machine: string, ...words: readonly string[]): string =>
    must('ip', 'netns', 'exec', machine, ...words);
  const place = {
    ...thisMachine(milliseconds(60_000)),
    run: ((program, args, options) =>
      run('ip', ['netns', 'exec', left, program, ...args], options)) satisfies Run,
    reaches: () => Promise.resolve(false),
  };
  const way = { network: 'cluster', peer: 'san-b', from: '10.9.1.11', to: '10.9.1.12' };

  beforeEach(() => {
    must('ip', 'netns', 'add', left);
    must('ip', 'netns', 'add', right);
    must('ip', 'link', 'add', 'c0', 'netns', left, 'type', 'veth', 'peer', 'name', 'c0', 'netns', right);
    for (const [machine, address] of [
      [left, way.from],
      [right, way.to],
    ] as const) {
      inside(machine, 'ip', 'link', 'set', 'lo', 'up');
      inside(machine, 'ip', 'link', 'set', 'c0', 'up');
      inside(machine, 'ip', 'address', 'add', `${address}/24`, 'dev', 'c0');
    }
  });
  afterEach(() => {
    must('ip', 'netns', 'delete', left);
    must('ip', 'netns', 'delete', right);
  });

  test('a good one is seen as good, with its round trip and its MTU', async () => {
    expect(await lookAtPaths(place, [way])).toEqual([
      { ...way, sent: 20, received: 20, average: expect.any(Number) as number, mtu: 1500, passes: true },
    ]);
  });

  test('larger packets than the other end takes do not pass; what is cut is cut', async () => {
    inside(left, 'ip', 'link', 'set', 'c0', 'mtu', '9000');
    expect(await lookAtPaths(place, [way])).toMatchObject([{ received: 20, mtu: 9000, passes: false }]);
    inside(right, 'ip', 'link', 'set', 'c0', 'down');
    expect(await lookAtPaths(place, [way])).toMatchObject([{ received: 0, answersOtherwise: false }]);
    expect(await lookAtPaths(place, [{ ...way, from: '10.9.1.99' }])).toMatchObject([
      { sent: 0, received: 0 },
    ]);
  });

  test('an IPv6 address that the other machine has too is found, whether this one has it or not', async () => {
    const asker = join(import.meta.dirname, '../platform/fixtures/ask-neighbours.ts');
    const withIpv6 = {
      ...place,
      neighbours: (card: string, address: string) =>
        Promise.resolve(JSON.parse(inside(left, process.execPath, asker, card, address)) as string[]),
    };
    const addresses = ['2001:db8:5::10', '2001:db8:6::10'];
    inside(left, 'ip', 'address', 'add', '2001:db8:5::1/64', 'dev', 'c0', 'nodad');
    expect(await lookForOwners(withIpv6, addresses)).toEqual([{ address: '2001:db8:5::10', macs: [] }]);
    inside(right, 'ip', 'address', 'add', '2001:db8:5::10/64', 'dev', 'c0', 'nodad');
    const found = [{ address: '2001:db8:5::10', macs: [inside(right, 'cat', '/sys/class/net/c0/address')] }];
    expect(await lookForOwners(withIpv6, addresses)).toEqual(found);
    inside(left, 'ip', 'address', 'add', '2001:db8:5::10/64', 'dev', 'c0', 'nodad');
    expect(await lookForOwners(withIpv6, addresses)).toEqual(found);
  });

  test('an address that the other machine has too is found, with its MAC address', async () => {
    const addresses = [way.from, '10.9.1.100', '10.66.0.1'];
    expect(await lookForOwners(place, addresses)).toEqual([
      { address: way.from, macs: [] },
      { address: '10.9.1.100', macs: [] },
    ]);
    inside(right, 'ip', 'address', 'add', '10.9.1.100/32', 'dev', 'c0');
    inside(right, 'ip', 'address', 'add', `${way.from}/32`, 'dev', 'c0');
    const mac = inside(right, 'cat', '/sys/class/net/c0/address');
    expect(await lookForOwners(place, [way.from])).toEqual([{ address: way.from, macs: [mac] }]);
    inside(right, 'ip', 'address', 'delete', `${way.from}/32`, 'dev', 'c0');
    expect(await lookForOwners(place, ['10.9.1.100'])).toEqual([{ address: '10.9.1.100', macs: [mac] }]);
  });
});

function clusterOf(cluster: string, replication: string) {
  const node = (name: string) => ({
    name,
    management: cluster,
    cluster,
    replication,
    disk: '/dev/null',
    fence: { kind: 'ipmi' as const, address: '10.9.0.1', username: 'admin', password: 'secret' },
  });
  return initialConfig(
    {
      name: 'lab',
      nodes: [node('san-a'), node('san-b')],
      pool: { name: 'pool1' },
      target: { iqn: 'iqn.2026-11.com.example:keelson', portals: ['10.9.3.100/24'] },
      hosts: [],
    },
    { clusterId: 'c', poolSecret: 's' },
  );
}
