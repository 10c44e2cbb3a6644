import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ClusterFile } from '../../../src/api/schemas/index.ts';
import { createSbd, sbdOf } from '../../../src/daemon/sbd.ts';
import { initialConfig } from '../../../src/engine/index.ts';
import type { ClusterConfig, Result } from '../../../src/model/index.ts';
import { createLog } from '../../../src/platform/world.ts';

const example = parse(readFileSync('docs/cluster.example.yaml', 'utf8')) as {
  nodes: Record<string, unknown>[];
};
const file = ClusterFile.parse({
  ...example,
  nodes: example.nodes.map((node) => ({ ...node, fence: { kind: 'sbd' } })),
  sbd: { disks: ['/dev/disk/by-id/wwn-1'], watchdogTimeout: 3 },
});

let folder: string;
let lines: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keelson-'));
  lines = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const sbdWith = (program = '/bin/sh') =>
  createSbd({
    stateFolder: folder,
    program,
    watchdogs: folder,
    log: createLog({
      write: (line: string) => {
        lines.push(line);
        return true;
      },
      writableLength: 0,
    }),
  });

/** With these disks, and a character device that every machine has as its watchdog. */
function configWith(disks: Readonly<Record<string, string>>, watchdog = '/dev/null'): ClusterConfig {
  const config = initialConfig(file, { clusterId: 'c', poolSecret: 's' });
  const fenceDevices = Object.fromEntries(
    Object.entries(config.fenceDevices).map(([name, device]) => [
      name,
      device.kind === 'sbd' ? { ...device, disks, watchdog } : device,
    ]),
  );
  return { ...config, fenceDevices };
}

const told = <Value>(result: Result<Value>): string =>
  result.ok ? 'well' : `${result.failure.code}: ${result.failure.message}`;

test('a cluster without SBD needs nothing of it', async () => {
  const without = { ...configWith({}), fenceDevices: {} };
  const sbd = sbdWith('/nowhere/sbd');
  expect(told(await sbd.checkFirst(without, 'san-a', []))).toBe('well');
  expect(await sbd.make(without, [])).toEqual({ ok: true, value: {} });
  expect(sbdOf(without, 'san-a')).toBeUndefined();
});

test('what is missing is named before anything is done: the program, a disk', async () => {
  const config = configWith({ '/dev/disk/by-id/wwn-1': '' });
  expect(told(await sbdWith('/nowhere/sbd').checkFirst(config, 'san-a', []))).toMatch(/^command_missing/);
  expect(told(await sbdWith().checkFirst(config, 'san-a', []))).toMatch(/^disk_missing/);
});

const canMakeDisks =
  process.getuid?.() === 0 && spawnSync('sh', ['-c', 'command -v sbd && losetup --find']).status === 0;

describe.skipIf(!canMakeDisks)('on a real disk', { timeout: 60_000 }, () => {
  let disk: string;
  beforeEach(() => {
    const image = join(folder, 'image');
    writeFileSync(image, '');
    truncateSync(image, 2 << 20);
    disk = spawnSync('losetup', ['--find', '--show', image]).stdout.toString().trim();
  });
  afterEach(() => {
    spawnSync('losetup', ['--detach', disk]);
  });

  function kernelSays(identity: string, state: string): void {
    mkdirSync(join(folder, 'null'));
    writeFileSync(join(folder, 'null/identity'), identity);
    writeFileSync(join(folder, 'null/state'), state);
  }

  test('a node without a watchdog is refused', async () => {
    const config = configWith({ [disk]: '' }, join(folder, 'watchdog'));
    expect(told(await sbdWith().checkFirst(config, 'san-a', []))).toMatch(/^watchdog_missing/);
  });

  test('a watchdog that somebody else has is refused', async () => {
    kernelSays('i6300ESB timer', 'active');
    expect(told(await sbdWith().checkFirst(configWith({ [disk]: '' }), 'san-a', []))).toBe(
      'watchdog_busy: /dev/null (i6300ESB timer) is in use',
    );
  });

  test('softdog does, and the log says what it is not', async () => {
    kernelSays('Software Watchdog', 'inactive');
    expect(told(await sbdWith().checkFirst(configWith({ [disk]: '' }), 'san-a', []))).toBe('well');
    expect(lines.join('')).toContain('softdog, which is no proof');
  });

  test('a file system on it is refused, and whatever a person says', async () => {
    kernelSays('i6300ESB timer', 'inactive');
    spawnSync('mkswap', [disk]);
    expect(told(await sbdWith().checkFirst(configWith({ [disk]: '' }), 'san-a', [disk]))).toMatch(
      /^disk_has_data: .* carries swap/,
    );
  });

  test('the disk of the pool is refused', async () => {
    kernelSays('i6300ESB timer', 'inactive');
    const config = configWith({ [disk]: '' });
    const pools = Object.fromEntries(
      Object.entries(config.pools).map(([name, pool]) => [name, { ...pool, disks: { 'san-a': disk } }]),
    );
    expect(told(await sbdWith().checkFirst({ ...config, pools }, 'san-a', []))).toMatch(
      /^disk_has_data: .* is the disk of pool pool1$/,
    );
  });

  test('an attempt that was interrupted is completed by the next one, and a formed cluster is not', async () => {
    const drawn = configWith({ [disk]: '' });
    const made = await sbdWith().make(drawn, []);
    if (!made.ok) throw new Error(made.failure.message);
    const config = configWith(made.value);
    expect(told(await sbdWith().takeSlots(config, 'san-a'))).toBe('well');
    // Here it ends. The next attempt knows nothing of the first one but what is on disk.
    const next = sbdWith();
    expect(await next.make(drawn, [])).toEqual(made);
    expect(told(await next.checkJoining({ ...config, fenceDevices: {} }, 'san-a'))).toBe('well');
    await next.formed();
    expect(told(await sbdWith().make(drawn, []))).toMatch(/^sbd_disk_foreign: .* with san-a$/);
    expect((await sbdWith().make(drawn, [disk])).ok).toBe(true);
  });

  test('the daemon is not started on disks that are other ones, or gone', async () => {
    const made = await sbdWith().make(configWith({ [disk]: '' }), []);
    if (!made.ok) throw new Error(made.failure.message);
    const settingsWith = (disks: Readonly<Record<string, string>>) => {
      const settings = sbdOf(configWith(disks), 'san-a');
      if (settings === undefined) throw new Error('san-a is fenced by SBD');
      return settings;
    };
    const sbd = sbdWith();
    expect(told(await sbd.checkDisks(settingsWith(made.value)))).toBe('well');
    const other = '00000000-0000-4000-8000-000000000000';
    expect(told(await sbd.checkDisks(settingsWith({ [disk]: other })))).toMatch(/^fence_disk_wrong/);
    const gone = { '/dev/gone-1': other, '/dev/gone-2': other };
    expect(told(await sbd.checkDisks(settingsWith({ ...made.value, '/dev/gone-1': other })))).toBe('well');
    expect(told(await sbd.checkDisks(settingsWith({ ...made.value, ...gone })))).toMatch(/^sbd_disk_lost/);
  });
});
