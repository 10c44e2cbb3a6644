import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { failed, failure, seconds, success, type Failure, type Result } from '../../../src/model/index.ts';
import type { Run } from '../../../src/platform/processes/run.ts';
import { createSbdHealth } from '../../../src/platform/sbd/health.ts';
import { startSbd } from '../../../src/platform/sbd/service.ts';
import { lookAtWatchdog } from '../../../src/platform/sbd/watchdog.ts';

const disk = '/dev/disk/by-id/wwn-1';
const settings = {
  kind: 'sbd' as const,
  disks: { [disk]: 'u-1', '/dev/disk/by-id/wwn-2': 'u-2', '/dev/disk/by-id/wwn-3': 'u-3' },
  watchdog: '/dev/watchdog',
  watchdogTimeout: seconds(5),
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keelson-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the daemon', () => {
  /** systemd, as far as it is asked. */
  let active: Set<string>;
  let story: string[];
  let refusesToStart: boolean;
  beforeEach(() => {
    active = new Set();
    story = [];
    refusesToStart = false;
  });

  const run: Run = (program, args) => {
    const [verb = '', ...rest] = args;
    const unit = rest.at(-1) ?? '';
    if (verb === 'is-active')
      return Promise.resolve(success({ exitCode: active.has(unit) ? 0 : 3, stdout: '', stderr: '' }));
    story.push(`${program} ${args.join(' ')}`);
    const fails = verb === 'start' && refusesToStart;
    if (verb === 'start' && !fails) active.add(unit);
    return Promise.resolve(success({ exitCode: fails ? 1 : 0, stdout: '', stderr: fails ? 'no disk' : '' }));
  };

  const start = (): Promise<Result<void>> =>
    startSbd('san-a', settings, {
      run,
      pause: (duration) => {
        story.push(`waits ${duration} ms`);
        return Promise.resolve();
      },
      environment: join(folder, 'sbd'),
      dropIn: join(folder, 'unit.d/member.conf'),
    });

  const dropIn = (): string => readFileSync(join(folder, 'unit.d/member.conf'), 'utf8');

  test('obeys before the node waits for msgwait, and is then kept up by systemd', async () => {
    expect(await start()).toEqual(success(undefined));
    expect(story).toEqual([
      'systemctl reset-failed keelson-sbd.service',
      'systemctl start keelson-sbd.service',
      'waits 10000 ms',
      'systemctl daemon-reload',
    ]);
    expect(dropIn()).toContain('SBD_STARTMODE=clean');
    expect(statSync(join(folder, 'sbd')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'sbd'), 'utf8').split('\n')).toEqual(
      expect.arrayContaining([
        'SBD_DEVICE="/dev/disk/by-id/wwn-1;/dev/disk/by-id/wwn-2;/dev/disk/by-id/wwn-3"',
        'SBD_WATCHDOG_DEV=/dev/watchdog',
        'SBD_WATCHDOG_TIMEOUT=5',
        'SBD_PACEMAKER=no',
        'SBD_DELAY_START=no',
        'SBD_OPTS="-n san-a -s 20"',
      ]),
    );
  });

  test('that runs is left alone by an engine that starts again', async () => {
    await start();
    story = [];
    await start();
    expect(story).toEqual([]);
  });

  test('that an engine did not wait for to the end is waited for again', async () => {
    active.add('keelson-sbd.service');
    await start();
    expect(story).toEqual(['waits 10000 ms', 'systemctl daemon-reload']);
  });

  test('that died on a member starts without throwing a message away, and nobody waits', async () => {
    await start();
    active = new Set(['corosync.service']);
    story = [];
    await start();
    expect(story).not.toContain('waits 10000 ms');
    expect(dropIn()).toContain('SBD_STARTMODE=clean');
  });

  test('of a node that takes no part forgets what was written for its last life', async () => {
    await start();
    active = new Set();
    refusesToStart = true;
    expect(await start()).toMatchObject({ ok: false, failure: { code: 'command_failed' } });
    expect(dropIn).toThrow('ENOENT');
  });
});

describe('a watchdog', () => {
  function kernel(name: string, identity: string, state: string): void {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'identity'), `${identity}\n`);
    writeFileSync(join(folder, name, 'state'), `${state}\n`);
  }

  test('that is missing, or is no device, is named', async () => {
    expect(await lookAtWatchdog(join(folder, 'watchdog'), folder)).toMatchObject({
      failure: { code: 'watchdog_missing', message: expect.stringMatching(/does not exist$/) as string },
    });
    writeFileSync(join(folder, 'watchdog'), '');
    expect(await lookAtWatchdog(join(folder, 'watchdog'), folder)).toMatchObject({
      failure: { message: expect.stringMatching(/is no watchdog$/) as string },
    });
  });

  test.each([
    ['i6300ESB timer', 'inactive', { isActive: false, isSoft: false }],
    ['Software Watchdog', 'active', { isActive: true, isSoft: true }],
  ])('%s is known by what its driver says', async (identity, state, seen) => {
    kernel('null', identity, state);
    // A character device that every machine has stands for it.
    expect(await lookAtWatchdog('/dev/null', folder)).toEqual(success({ identity, ...seen }));
  });
});

describe('a person is told', () => {
  let told: [string, string | undefined][];
  let broken: Map<string, Failure>;
  let isRunning: boolean;
  let isActive: boolean;
  let isSoft: boolean;
  let startFailure: Failure | undefined;
  let look: () => void;
  beforeEach(() => {
    told = [];
    broken = new Map();
    [isRunning, isActive, isSoft, startFailure] = [true, true, false, undefined];
    const health = createSbdHealth({
      settings: () => settings,
      startFailure: () => startFailure,
      checkDisk: (path) =>
        Promise.resolve(broken.has(path) ? failed(broken.get(path) as Failure) : success(0)),
      isRunning: () => Promise.resolve(isRunning),
      watchdogOf: () => Promise.resolve(success({ identity: 'i6300ESB timer', isActive, isSoft })),
      clock: {
        after: (_delay, fired) => {
          look = fired;
          return { cancel: () => undefined };
        },
      },
    });
    health.start((key, found) => told.push([key, found?.code]));
  });

  const looks = async (): Promise<[string, string | undefined][]> => {
    told = [];
    look();
    await new Promise((resolve) => setImmediate(resolve));
    return told;
  };

  test('nothing while all is well', async () => {
    expect(await looks()).toEqual([]);
  });

  test('once that the daemon is away and why, and once that it is back', async () => {
    isRunning = false;
    expect(await looks()).toEqual([['sbd', 'sbd_not_running']]);
    expect(await looks()).toEqual([]);
    startFailure = failure('fence_disk_wrong', 'another disk');
    expect(await looks()).toEqual([['sbd', 'fence_disk_wrong']]);
    isRunning = true;
    expect(await looks()).toEqual([['sbd', undefined]]);
  });

  test('of a disk that is lost or another one, and of a watchdog that is idle or soft', async () => {
    broken.set(disk, failure('fence_unreachable', 'cannot be read'));
    expect(await looks()).toEqual([[`sbd-disk ${disk}`, 'sbd_disk_lost']]);
    broken.set(disk, failure('fence_disk_wrong', 'made for something else'));
    isActive = false;
    expect(await looks()).toEqual([
      ['sbd-watchdog', 'watchdog_missing'],
      [`sbd-disk ${disk}`, 'fence_disk_wrong'],
    ]);
    isSoft = true;
    expect(await looks()).toEqual([['sbd-watchdog', 'watchdog_soft']]);
  });
});
