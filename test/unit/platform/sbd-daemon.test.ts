import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seconds } from '../../../src/model/index.ts';
import { environmentOf } from '../../../src/platform/sbd/service.ts';

/**
 * The daemon resets by reboot(2), which ends no more than a process namespace of its own, or by the kernel's sysrq, which
 * knows no namespaces: where that is there, nothing of this is tried.
 */
const canBeReset =
  process.getuid?.() === 0 &&
  !existsSync('/proc/sysrq-trigger') &&
  spawnSync('sh', ['-c', 'command -v sbd && losetup --find && unshare --pid --fork --mount-proc true'])
    .status === 0;

describe.skipIf(!canBeReset)('the real daemon, as it is configured', { timeout: 60_000 }, () => {
  let folder: string;
  let disk: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keelson-'));
    const image = join(folder, 'image');
    writeFileSync(image, '');
    truncateSync(image, 2 << 20);
    disk = spawnSync('losetup', ['--find', '--show', image]).stdout.toString().trim();
    for (const command of [
      ['-1', '2', '-4', '4', 'create'],
      ['allocate', 'san-a'],
    ])
      expect(spawnSync('sbd', ['-d', disk, ...command]).status).toBe(0);
    // The machine's own watchdog is not for a test.
    const settings = { kind: 'sbd' as const, disks: { [disk]: '' }, watchdogTimeout: seconds(2) };
    writeFileSync(join(folder, 'sbd'), environmentOf('san-a', { ...settings, watchdog: '/dev/null' }));
  }, 30_000);
  afterEach(() => {
    spawnSync('losetup', ['--detach', disk]);
    rmSync(folder, { recursive: true });
  });

  /** One life of a node: the script in a process namespace of its own, with the unit's environment. */
  function life(script: string): { readonly wasReset: boolean; readonly told: string } {
    const start = `set -a; . ${folder}/sbd; SBD_MOVE_TO_ROOT_CGROUP=no; set +a
      watch() { SBD_STARTMODE=$1 sbd $SBD_OPTS -p ${folder}/pid watch && read -r daemon <${folder}/pid; }
      ${script}`;
    const unshare = ['--pid', '--fork', '--mount-proc', '--kill-child', 'bash', '-c', start];
    const { signal, stdout } = spawnSync('unshare', unshare, { timeout: 50_000 });
    // reboot(2) in a process namespace ends its first process by SIGHUP.
    return { wasReset: signal === 'SIGHUP', told: stdout.toString().replaceAll(/\s+/g, ' ').trim() };
  }

  /** Killed before that, it would leave all to the watchdog. */
  const untilWatched = `until ps -eo args | grep -q '^sbd: watcher'; do sleep 0.2; done`;
  const says = `sbd -d $SBD_DEVICE message san-a`;

  test('obeys a message, and forgets it in its next life', () => {
    expect(life(`watch always; cat /proc/$daemon/comm; ${says} reset; echo lives`)).toEqual({
      wasReset: true,
      told: 'sbd',
    });
    const next = life('watch always && sbd -d $SBD_DEVICE list; kill -TERM $daemon; sleep 1');
    expect(next).toEqual({ wasReset: false, told: '0 san-a clear' });
  });

  test('does not start over a message that came while it was away, where the node takes part', () => {
    const { told } = life(
      `watch always; kill -TERM $daemon; sleep 1; ${says} reset; watch clean || echo refused`,
    );
    expect(told).toBe('refused');
  });

  test('that is killed takes the node down', () => {
    expect(life(`watch always; ${untilWatched}; kill -KILL $daemon; sleep 20; echo lives`)).toEqual({
      wasReset: true,
      told: '',
    });
  });
});
