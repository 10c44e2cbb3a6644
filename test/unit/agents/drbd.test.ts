import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDrbdAgent } from '../../../agents/drbd/agent.ts';
import { readiness } from '../../../agents/drbd/initialise.ts';
import { kernelRole } from '../../../agents/drbd/kernel-role.ts';
import { parseKernelStatus } from '../../../agents/drbd/kernel-status.ts';
import { observe } from '../../../agents/drbd/observation.ts';
import { drbdParameters } from '../../../agents/drbd/parameters.ts';
import { dataBytes, diskBytesFor } from '../../../agents/drbd/renewal.ts';
import { renderResourceFile } from '../../../agents/drbd/resource-file.ts';
import type { Agent } from '../../../src/ports/index.ts';
import { contextWith, type Call } from './fake-context.ts';

/** All as captured from DRBD 8.4.11 of Linux 6.1, under `version:` and `srcversion:`. */
const head = 'version: 8.4.11 (api:1/proto:86-101)\nsrcversion: F73C670A7EC572DB9CF3E5B \n';
const captured = {
  connected: ` 0: cs:Connected ro:Primary/Secondary ds:UpToDate/UpToDate C r-----
    ns:14364 nr:0 dw:6260 dr:1080915 al:30 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:0
`,
  fresh: ` 0: cs:Connected ro:Secondary/Secondary ds:Inconsistent/Inconsistent C r-----
    ns:0 nr:0 dw:0 dr:0 al:8 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:1048508
`,
  syncing: ` 0: cs:SyncSource ro:Primary/Secondary ds:UpToDate/Inconsistent C r-----
    ns:8884 nr:0 dw:700 dr:219320 al:10 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:836316
	[===>................] sync'ed: 20.4% (836316/1048508)K
	finish: 0:00:47 speed: 17,680 (17,680) K/sec
`,
  frozen: ` 0: cs:WFConnection ro:Primary/Unknown ds:UpToDate/DUnknown C s-----
    ns:15328 nr:0 dw:7284 dr:1080915 al:30 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:1024
`,
  unconfigured: ' 0: cs:Unconfigured\n',
};

const statusOf = (text: string, minor = 0) => parseKernelStatus(head + text, minor);

describe('/proc/drbd', () => {
  test('of a Primary with its peer', () => {
    expect(statusOf(captured.connected)).toEqual({
      connection: 'Connected',
      role: 'Primary',
      peerRole: 'Secondary',
      disk: 'UpToDate',
      peerDisk: 'UpToDate',
      suspended: false,
      outOfSync: 0,
      resyncPercent: undefined,
      resyncSeconds: undefined,
    });
  });

  test('of a resync', () => {
    expect(statusOf(captured.syncing)).toMatchObject({
      resyncPercent: 20.4,
      resyncSeconds: 47,
      outOfSync: 836316 * 1024,
    });
  });

  test('of a frozen Primary', () => {
    expect(statusOf(captured.frozen)).toMatchObject({ suspended: true, peerDisk: 'DUnknown' });
  });

  test('of another DRBD is no word about the pool', async () => {
    const folder = await mkdtemp('/tmp/keelson-drbd9-');
    const kernelStatus = join(folder, 'drbd');
    await writeFile(kernelStatus, 'version: 9.2.4 (api:2/proto:86-121)\nTransports (api:18): tcp (9.2.4)\n');
    const agent = createDrbdAgent({ resourceFolder: folder, kernelStatus, devices: folder });
    const parameters = {
      ...{ pool: 'p1', minor: 0, port: 7789, sharedSecret: 'a'.repeat(32), fresh: false },
      addresses: { 'san-a': '10.0.2.1', 'san-b': '10.0.2.2' },
      disks: { 'san-a': '/dev/x', 'san-b': '/dev/x' },
      patience: 1,
    };
    expect(await agent.monitor(parameters, contextWith())).toMatchObject({
      failure: { code: 'agent_failed', message: expect.stringContaining('9.2.4') as string },
    });
    await rm(folder, { recursive: true });
  });

  test('shows each minor its own lines', () => {
    const two = captured.syncing + captured.frozen.replace(' 0:', ' 1:');
    expect(statusOf(two, 0)).toMatchObject({ suspended: false, resyncPercent: 20.4 });
    expect(statusOf(two, 1)).toMatchObject({ suspended: true, resyncPercent: undefined });
    expect(statusOf(two.replace(' 1:', '11:'), 1)).toBeUndefined();
  });

  test('without the minor, or with an empty one, is not configured', () => {
    expect(statusOf('')).toBeUndefined();
    expect(statusOf(captured.unconfigured)).toBeUndefined();
  });

  test('in another format is a bug, not a stopped pool', () => {
    expect(() => statusOf(' 0: state:Connected\n')).toThrow('not understood');
  });
});

describe('an observation', () => {
  const seen = (from: string, to: string) => observe('tank', statusOf(captured.connected.replace(from, to)));

  test('of an UpToDate Primary', () => {
    expect(seen('', '')).toMatchObject({ state: 'promoted', promotionScore: 10_000 });
  });

  test.each([
    ['UpToDate/', 10_000],
    ['Consistent/', 5],
    ['Outdated/', undefined],
    ['Inconsistent/', undefined],
    ['Attaching/', undefined],
  ])('a Secondary with %s may be promoted: %s', (disk, score) => {
    const text = captured.connected.replace('Primary/', 'Secondary/').replace('UpToDate/', disk);
    const observation = observe('tank', statusOf(text));
    expect(observation.state).toBe('running');
    expect(observation.promotionScore).toBe(score);
  });

  test('a Primary without a disk is served by its peer, and not fit to be promoted', () => {
    const observation = seen('UpToDate/', 'Diskless/');
    expect(observation.state).toBe('promoted');
    expect(observation.promotionScore).toBeUndefined();
  });

  test('a Primary with neither a disk nor its peer has failed', () => {
    const text = captured.frozen.replace('UpToDate/', 'Diskless/');
    expect(observe('tank', statusOf(text))).toMatchObject({
      state: 'failed',
      problem: { code: 'agent_failed' },
    });
  });

  test('tells the resync', () => {
    expect(observe('tank', statusOf(captured.syncing)).facts).toMatchObject({
      replication: 'SyncSource',
      resyncPercent: 20.4,
    });
  });
});

describe('a new pool', () => {
  test.each([
    ['waits until it is started', '', 'not-yet'],
    ['waits for the peer', captured.fresh.replace('cs:Connected', 'cs:WFConnection'), 'not-yet'],
    ['needs its first data once both are known to be empty', captured.fresh, 'empty-pair'],
    ['needs nothing where this disk has data', captured.frozen, 'has-data'],
    [
      'needs nothing where the peer has data',
      captured.fresh.replace('Inconsistent C', 'UpToDate C'),
      'has-data',
    ],
    ['waits where the peer is Outdated', captured.fresh.replace('Inconsistent C', 'Outdated C'), 'not-yet'],
  ])('%s', (_, text, expected) => {
    expect(readiness(statusOf(text))).toBe(expected);
  });
});

describe('starting', () => {
  let folder: string;
  let agent: Agent;
  let parameters: Record<string, unknown> & { fresh: boolean; sharedSecret: string };
  const start = (context: ReturnType<typeof contextWith>, changed: object = {}) =>
    agent.start({ ...parameters, ...changed } as never, context);

  const emptyDisk = () => writeFile(join(folder, 'disk'), Buffer.alloc(1024 * 1024));
  /** At once, because create-md has written when it returns. */
  function diskWithMetadata(magic = 0x8374026b): void {
    const content = Buffer.alloc(1024 * 1024);
    content.writeUInt32BE(magic, content.length - 4096 + 60);
    writeFileSync(join(folder, 'disk'), content);
  }
  const programs = (context: ReturnType<typeof contextWith>) =>
    context.calls.map(({ program, args }) => `${program} ${args[0] ?? ''}`);

  beforeEach(async () => {
    folder = await mkdtemp('/dev/shm/keelson-drbd-');
    agent = createDrbdAgent({
      resourceFolder: folder,
      kernelStatus: join(folder, 'proc'),
      devices: join(folder, 'block'),
    });
    parameters = {
      pool: 'tank',
      minor: 0,
      port: 7789,
      sharedSecret: 'c2VjcmV0LXNlY3JldC0xMjM0',
      fresh: true,
      patience: 1,
      disks: { 'san-a': '/dev/vdb', 'san-b': '/dev/vdb' },
      addresses: { 'san-a': '10.77.2.11', 'san-b': '10.77.2.12' },
    };
  });

  afterEach(() => rm(folder, { recursive: true }));

  test('needs a disk below /dev', async () => {
    const result = await start(contextWith(), { disks: { 'san-a': '/etc/passwd', 'san-b': '/dev/vdb' } });
    expect(result).toMatchObject({ ok: false, failure: { code: 'agent_parameters_invalid' } });
  });

  test('an unknown disk is missing', async () => {
    const gone = '/dev/disk/by-id/keelson-no-such-disk';
    const result = await start(contextWith(), { disks: { 'san-a': gone, 'san-b': gone } });
    expect(result).toMatchObject({ ok: false, failure: { code: 'disk_missing' } });
  });

  describe('with a disk', () => {
    // In shared memory, which is below /dev as the schema asks, and no device of the machine.
    const disk = () => join(folder, 'disk');
    const adjusts = (answers: (call: Call) => object = () => ({})) =>
      contextWith((call) => {
        if (call.args[0] === 'create-md') diskWithMetadata();
        return answers(call);
      });
    beforeEach(() => {
      parameters['disks'] = { 'san-a': disk(), 'san-b': disk() };
    });

    test('that is empty makes its metadata and brings it up', async () => {
      await emptyDisk();
      const context = adjusts();
      await start(context);
      expect(programs(context)).toEqual(['wipefs --noheadings', 'drbdadm create-md', 'drbdadm adjust']);
      const file = join(folder, 'keelson-tank.res');
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      const again = adjusts();
      await start(again);
      expect(programs(again)).toEqual(['drbdadm adjust']);
    });

    test('that was interrupted before its metadata was made goes on there', async () => {
      await emptyDisk();
      await start(contextWith(({ args }) => ({ exitCode: args[0] === 'create-md' ? 1 : 0 })));
      const context = adjusts();
      await start(context);
      expect(programs(context)).toEqual(['wipefs --noheadings', 'drbdadm create-md', 'drbdadm adjust']);
    });

    test('that carries foreign data is refused, and nothing is written', async () => {
      await emptyDisk();
      const context = adjusts(({ program }) => ({ stdout: program === 'wipefs' ? 'ext4\nxfs\n' : '' }));
      const result = await start(context);
      expect(result).toMatchObject({ ok: false, failure: { code: 'disk_has_data' } });
      await expect(readFile(join(folder, 'keelson-tank.res'))).rejects.toThrow();
    });

    test.each([0x8374026b, 0x8374026c])(
      "that carries another pool's metadata is refused: %i",
      async (magic) => {
        diskWithMetadata(magic);
        const result = await start(
          adjusts(({ program }) => ({ stdout: program === 'wipefs' ? 'drbd\n' : '' })),
        );
        expect(result).toMatchObject({ ok: false, failure: { code: 'disk_has_data' } });
      },
    );

    test('that lost its metadata is a failure where the pool is not new', async () => {
      await emptyDisk();
      const context = adjusts();
      expect(await start(context, { fresh: false })).toMatchObject({ ok: false });
      expect(context.calls).toEqual([]);
    });

    test('of a node that was installed again comes up where the pool is not new', async () => {
      diskWithMetadata();
      const context = adjusts();
      await start(context, { fresh: false });
      expect(programs(context)).toEqual(['drbdadm adjust']);
    });

    describe('in place of another one', () => {
      const mebibyte = 1024 * 1024;
      const renew = { node: 'san-a', mark: 'operation-1', bytes: '900000', overwrite: 'no' };
      const replaced = (context: ReturnType<typeof contextWith>, changed: object = {}) =>
        start(context, { fresh: false, renew: { ...renew, ...changed } });
      const carrying = (types: string) =>
        adjusts(({ program, args }) => ({
          stdout: program === 'wipefs' && args[0] !== '--all' ? types : '',
        }));

      test('gets its metadata once', async () => {
        await emptyDisk();
        const first = adjusts();
        expect(await replaced(first)).toMatchObject({ ok: true });
        expect(programs(first)).toEqual(['wipefs --noheadings', 'drbdadm create-md', 'drbdadm adjust']);
        const again = carrying('drbd\n');
        expect(await replaced(again)).toMatchObject({ ok: true });
        expect(programs(again)).toEqual(['drbdadm adjust']);
      });

      test('is never taken for one that was filled before, though it carries metadata of the pool', async () => {
        diskWithMetadata();
        await start(adjusts(), { fresh: false });
        expect(await replaced(carrying('drbd\n'))).toMatchObject({ failure: { code: 'disk_has_data' } });
        // Nor is that of an earlier replacement.
        const named = carrying('drbd\n');
        expect(await replaced(named, { overwrite: 'yes' })).toMatchObject({ ok: true });
        expect(programs(named)).toEqual(['wipefs --all', 'drbdadm create-md', 'drbdadm adjust']);
        const later = await replaced(carrying('drbd\n'), { mark: 'operation-2' });
        expect(later).toMatchObject({ failure: { code: 'disk_has_data' } });
      });

      test('is emptied again where it was interrupted between that and its metadata', async () => {
        diskWithMetadata();
        const cut = contextWith(({ args }) => ({ exitCode: args[0] === 'create-md' ? 1 : 0 }));
        expect(await replaced(cut, { overwrite: 'yes' })).toMatchObject({ ok: false });
        await emptyDisk();
        const context = carrying('');
        expect(await replaced(context, { overwrite: 'yes' })).toMatchObject({ ok: true });
        expect(programs(context)).toContain('drbdadm create-md');
      });

      test('is refused where it is too small by one sector, and nothing is written', async () => {
        await emptyDisk();
        const most = dataBytes(mebibyte);
        expect(diskBytesFor(most)).toBe(mebibyte);
        const context = adjusts();
        const result = await replaced(context, { bytes: String(most + 512) });
        expect(result).toMatchObject({
          failure: {
            code: 'replacement_too_small',
            message: expect.stringContaining(
              `has ${mebibyte} bytes, and ${mebibyte + 4096} bytes are needed`,
            ) as string,
          },
        });
        expect(context.calls).toEqual([]);
        await expect(readFile(join(folder, 'keelson-tank.res'))).rejects.toThrow();
        expect(await replaced(adjusts(), { bytes: String(most) })).toMatchObject({ ok: true });
      });

      test('of the other node is none of this one', async () => {
        diskWithMetadata();
        const context = adjusts();
        expect(await replaced(context, { node: 'san-b' })).toMatchObject({ ok: true });
        expect(programs(context)).toEqual(['drbdadm adjust']);
        expect(await readFile(join(folder, 'keelson-tank.res'), 'utf8')).not.toContain('operation-1');
      });
    });

    test('the size of the device is told, for whoever has to replace the other one', async () => {
      diskWithMetadata();
      await mkdir(join(folder, 'block/drbd0'), { recursive: true });
      await writeFile(join(folder, 'block/drbd0/size'), '2048\n');
      await writeFile(join(folder, 'proc'), head + captured.connected);
      expect(await agent.monitor(parameters as never, contextWith())).toMatchObject({
        value: { facts: { sizeBytes: 2048 * 512 } },
      });
    });

    describe('is promoted', () => {
      const refused = {
        exitCode: 11,
        stderr: '0: State change failed: (-7) Refusing to be Primary while peer is not outdated',
      };
      const promote = async (peerDisk: string, answers: readonly object[]) => {
        const lone = captured.connected
          .replace('cs:Connected ro:Primary/Secondary', 'cs:WFConnection ro:Secondary/Unknown')
          .replace('ds:UpToDate/UpToDate', `ds:UpToDate/${peerDisk}`);
        await writeFile(join(folder, 'proc'), head + lone);
        let calls = 0;
        const context = contextWith(() => answers[calls++] ?? {});
        const { ok } = (await agent.promote?.(parameters as never, context)) ?? { ok: undefined };
        return { ok, calls };
      };

      test('by another attempt, where the kernel has heard that the peer is off and refuses all the same', async () => {
        expect(await promote('Outdated', [refused])).toEqual({ ok: true, calls: 2 });
        expect(await promote('Outdated', [refused, refused])).toEqual({ ok: false, calls: 2 });
      });

      test('never by another attempt where nobody has said so, or the reason is another one', async () => {
        expect(await promote('DUnknown', [refused])).toEqual({ ok: false, calls: 1 });
        const other = { exitCode: 17, stderr: '0: State change failed: (-2) Need access to UpToDate data' };
        expect(await promote('Outdated', [other])).toEqual({ ok: false, calls: 1 });
      });
    });

    test('that runs already is left alone', async () => {
      diskWithMetadata();
      await start(adjusts());
      await writeFile(join(folder, 'proc'), head + captured.connected);
      const context = adjusts();
      expect(await start(context)).toMatchObject({ ok: true, value: { state: 'promoted' } });
      expect(context.calls).toEqual([]);
    });
  });
});

describe('the role that the fence-peer handler tells the engine', () => {
  let folder: string;
  const role = () => kernelRole('tank', { resourceFolder: folder, kernelStatus: join(folder, 'proc') });
  const resourceFile = (minor: number): Promise<void> =>
    writeFile(
      join(folder, 'keelson-tank.res'),
      renderResourceFile(
        drbdParameters.parse({
          pool: 'tank',
          minor,
          port: 7789,
          sharedSecret: 'c2VjcmV0LXNlY3JldC0xMjM0',
          fresh: false,
          patience: 1,
          disks: { 'san-a': '/dev/vdb', 'san-b': '/dev/vdb' },
          addresses: { 'san-a': '10.77.2.11', 'san-b': '10.77.2.12' },
        }),
      ),
    );
  const kernelShows = (text: string): Promise<void> => writeFile(join(folder, 'proc'), head + text);

  beforeEach(async () => {
    folder = await mkdtemp('/tmp/keelson-drbd-');
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('is that of its own minor: of a Primary without its peer, and of a copy that is to be promoted', async () => {
    const copy = ` 1: cs:WFConnection ro:Secondary/Unknown ds:UpToDate/DUnknown C r-----
    ns:0 nr:15328 dw:15328 dr:0 al:0 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:0
`;
    await kernelShows(captured.frozen + copy);
    await resourceFile(0);
    expect(await role()).toBe('Primary');
    await resourceFile(1);
    expect(await role()).toBe('Secondary');
  });

  test('is not guessed where it cannot be seen', async () => {
    expect(await role(), 'no resource file').toBeUndefined();
    await resourceFile(0);
    expect(await role(), 'no module').toBeUndefined();
    await kernelShows(captured.unconfigured);
    expect(await role(), 'not up').toBeUndefined();
    await kernelShows(' 0: a line of another DRBD\n');
    expect(await role(), 'not understood').toBeUndefined();
  });
});

describe('the resource file', () => {
  const parameters = drbdParameters.parse({
    pool: 'tank',
    minor: 3,
    port: 7791,
    sharedSecret: 'c2VjcmV0LXNlY3JldC0xMjM0',
    fresh: true,
    patience: 1,
    disks: { 'san-b': '/dev/vdc', 'san-a': '/dev/vdb' },
    addresses: { 'san-a': '10.77.2.11', 'san-b': '10.77.2.12' },
  });

  test('is the same on both nodes, whatever the order of the names', () => {
    const turned = { ...parameters, disks: { 'san-a': '/dev/vdb', 'san-b': '/dev/vdc' } };
    expect(renderResourceFile(parameters)).toBe(renderResourceFile(turned));
  });

  test('freezes a lonely Primary until its peer is fenced', () => {
    const text = renderResourceFile(parameters);
    expect(text).toContain('fencing resource-and-stonith;');
    expect(text).toContain('fence-peer "/usr/lib/keelson/drbd-fence-peer";');
    expect(text).toContain('device /dev/drbd3 minor 3;');
    expect(text).toContain('address ipv4 10.77.2.11:7791;');
  });

  test.each([1, 4, 30, 100])('keeps DRBD to its limits with patience %d', (patience) => {
    const text = renderResourceFile({ ...parameters, patience });
    const value = (name: string): number => Number(new RegExp(` ${name} ([0-9]+);`).exec(text)?.[1]);
    expect(value('timeout')).toBeLessThanOrEqual(600);
    expect(value('timeout')).toBeLessThan(value('ping-int') * 10);
    expect(value('timeout')).toBeLessThan(value('connect-int') * 10);
    expect(value('ping-int')).toBeLessThanOrEqual(120);
    expect(value('ping-timeout')).toBeLessThanOrEqual(300);
  });
});
