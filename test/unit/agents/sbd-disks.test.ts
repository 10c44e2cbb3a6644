import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeDisks, planDisks, takeSlots, type DiskPlan } from '../../../agents/fence-sbd/initialise.ts';
import { success, type Result } from '../../../src/model/index.ts';
import { createRun } from '../../../src/platform/processes/run.ts';

const run = createRun(60_000);

const real = (program: string, ...args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(program, args);
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr.toString()}`);
  return stdout.toString().trim();
};

/** A loop device takes root; sbd refuses a plain file. */
const canMakeDisks =
  process.getuid?.() === 0 && spawnSync('sh', ['-c', 'command -v sbd && losetup --find']).status === 0;

describe.skipIf(!canMakeDisks)('SBD disks of a new cluster', { timeout: 60_000 }, () => {
  let folder = '';
  let attached: string[] = [];
  let remembered: Readonly<Record<string, string>> = {};
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keelson-sbd-'));
    attached = [];
    remembered = {};
  });
  afterEach(async () => {
    for (const path of attached) spawnSync('losetup', ['--detach', path]);
    await rm(folder, { recursive: true });
  });

  async function device(size = 2 << 20, content = ''): Promise<string> {
    const file = join(folder, `disk-${attached.length}`);
    await writeFile(file, content);
    await truncate(file, size);
    return attach(file);
  }

  function attach(file: string): string {
    const path = real('losetup', '--find', '--show', file);
    attached.push(path);
    return path;
  }

  /** Once: the number may be somebody else's right after. */
  function detach(path: string): void {
    real('losetup', '--detach', path);
    attached = attached.filter((one) => one !== path);
  }

  const plan = (disks: readonly string[], other: Partial<DiskPlan> = {}): DiskPlan => ({
    disks,
    watchdog: 3,
    made: {},
    overwrite: [],
    ...other,
  });

  const make = (wanted: DiskPlan): Promise<Result<Readonly<Record<string, string>>>> =>
    makeDisks(wanted, run, (made) => {
      remembered = made;
      return Promise.resolve(success(undefined));
    });

  const told = <Value>(result: Result<Value>): string =>
    result.ok ? 'well' : `${result.failure.code}: ${result.failure.message}`;

  const dump = (disk: string): string => real('sbd', '-d', disk, 'dump').replaceAll(/ +/g, ' ');
  const slots = (disk: string): string => real('sbd', '-d', disk, 'list').replaceAll(/\s+/g, ' ');

  test('an empty disk gets the times of the cluster, and each node its slot', async () => {
    const disk = await device();
    const made = await make(plan([disk]));
    expect(told(made)).toBe('well');
    if (!made.ok) return;
    expect(dump(disk)).toContain(`UUID : ${made.value[disk] ?? 'none'}`);
    expect(dump(disk)).toContain('Timeout (watchdog) : 3');
    expect(dump(disk)).toContain('Timeout (msgwait) : 6');
    for (const node of ['san-a', 'san-b', 'san-a'])
      expect(told(await takeSlots(made.value, node, run))).toBe('well');
    expect(slots(disk)).toMatch(/^0 san-a clear 1 san-b clear$/);
  });

  test('what was made before an interruption is kept, and made anew only with other times', async () => {
    const disk = await device();
    expect(told(await make(plan([disk])))).toBe('well');
    const first = remembered;
    expect(told(await takeSlots(first, 'san-a', run))).toBe('well');
    expect(await make(plan([disk], { made: first }))).toEqual({ ok: true, value: first });
    expect(told(await make(plan([disk], { made: first, watchdog: 4 })))).toBe('well');
    expect(remembered[disk]).not.toBe(first[disk]);
    expect(dump(disk)).toContain('Timeout (msgwait) : 8');
  });

  test('a header without slots is nobody’s; one with slots is left alone until a person says otherwise', async () => {
    const disk = await device();
    real('sbd', '-d', disk, '-1', '1', '-4', '2', 'create');
    expect(told(await planDisks(plan([disk]), run))).toBe('well');
    real('sbd', '-d', disk, 'allocate', 'else-1');
    const before = dump(disk);
    expect(told(await make(plan([disk])))).toMatch(
      /^sbd_disk_foreign: SBD disk .* of a cluster with else-1$/,
    );
    expect(dump(disk)).toBe(before);
    expect(told(await make(plan([disk], { overwrite: [disk] })))).toBe('well');
    expect(slots(disk)).toBe('');
  });

  test('data that nothing has a name for is not overwritten', async () => {
    const disk = await device(2 << 20, 'dear diary');
    expect(told(await make(plan([disk])))).toMatch(/^sbd_disk_foreign: .*something that is not SBD's$/);
  });

  test('a small disk, a missing one and a file are named', async () => {
    const small = await device(512 << 10);
    expect(told(await make(plan([small])))).toBe(
      `disk_too_small: SBD disk ${small} has 524288 bytes and needs 1048576`,
    );
    expect(told(await make(plan(['/dev/disk/by-id/none'])))).toMatch(/^disk_missing: .*does not exist$/);
    const file = join(folder, 'file');
    await writeFile(file, '');
    expect(told(await make(plan([file])))).toMatch(/^disk_missing: .*is not a block device$/);
    expect(() => dump(small)).toThrow('dump');
  });

  test('one disk by two names is found out', async () => {
    const [one, two] = [await device(), await device()];
    const again = attach(join(folder, 'disk-1'));
    // What is written by one loop device is not in the cache of the other.
    real('losetup', '--direct-io=on', two);
    real('losetup', '--direct-io=on', again);
    expect(told(await make(plan([one, two, again])))).toMatch(
      /^fence_disk_wrong: SBD disk .* is one of the others by another name$/,
    );
  });

  test('a node takes no slot on a disk that is not the cluster’s, or has gone', async () => {
    const disk = await device();
    expect(told(await make(plan([disk])))).toBe('well');
    const other = { [disk]: '00000000-0000-4000-8000-000000000000' };
    expect(told(await takeSlots(other, 'san-b', run))).toMatch(/^fence_disk_wrong/);
    expect(slots(disk)).toBe('');
    detach(disk);
    expect(told(await takeSlots(remembered, 'san-b', run))).toMatch(/^fence_unreachable/);
  });
});
