import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DeviceMapper, MappedDevice } from '../../../agents/device-mapper/device-mapper.ts';
import { createLvmAgent } from '../../../agents/lvm/agent.ts';
import { createSpaceKeeper } from '../../../agents/lvm/space.ts';
import {
  copiesFolder,
  fileOf,
  mounted,
  mountPoint,
  reservationPlaces,
  writtenFolder,
  type ReservationPlaces,
} from '../../../agents/reservations/places.ts';
import { readVerdict } from '../../../agents/reservations/verdict.ts';
import { bytes } from '../../../src/model/index.ts';
import { contextWith, type Call } from './fake-context.ts';
import { emptyPlaces } from './reservation-places.ts';
import { registered } from './registered.ts';

const volumeGroup = 'keelson_tank';
const group = { volumeGroup, device: '/dev/drbd0' };
const serial = 'ab'.repeat(16);
const host = 'iqn.2026-11.com.example:host-a';

const isRoot = process.getuid?.() === 0 && existsSync('/dev/loop-control');

const device = (kernelName: string, name: string): MappedDevice => ({
  kernelName,
  name: `keelson_tank-${name}`,
  uuid: `LVM-${kernelName}`,
  number: '253:0',
  suspended: false,
  size: bytes(4194304),
  discards: false,
  below: ['drbd0'],
});

/** LVM by its words; all other programs are the machine's own. The volume is a loop device on a file. */
class Pool {
  readonly image = join(mkdtempSync(join(tmpdir(), 'keelson-image-')), 'image');
  readonly loop: string;
  readonly places: ReservationPlaces = {
    ...emptyPlaces(),
    mountTable: reservationPlaces.mountTable,
  };
  hasVolume = false;
  isActive = true;
  isUnfinished = false;
  marks: string[] = [];
  readonly context = contextWith((call) => this.#answer(call));

  constructor() {
    writeFileSync(this.image, '');
    truncateSync(this.image, 64 * 2 ** 20);
    this.loop = execFileSync('losetup', ['--find', '--show', this.image], { encoding: 'utf8' }).trim();
  }

  remove(): void {
    spawnSync('umount', [mountPoint(this.places, volumeGroup)]);
    execFileSync('losetup', ['--detach', this.loop]);
    rmSync(join(this.image, '..'), { recursive: true });
  }

  readonly mapper: DeviceMapper = {
    all: () => Promise.resolve(this.#devices()),
    find: (name) => Promise.resolve(this.#devices().find((each) => each.name === name)),
  };

  #devices(): readonly MappedDevice[] {
    if (!this.isActive) return [];
    const own = device(this.loop.slice('/dev/'.length), 'keelson_reservations');
    return [device('dm-0', 'keelson_meta'), ...(this.hasVolume ? [own] : [])];
  }

  agent() {
    return createLvmAgent({
      deviceMapper: this.mapper,
      spaceKeeper: createSpaceKeeper('/nowhere'),
      reservations: this.places,
    });
  }

  #answer({ program, args }: Call) {
    if (['e2fsck', 'mke2fs', 'mount', 'umount'].includes(program)) {
      const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
      return { exitCode: status ?? 1, stdout, stderr };
    }
    const has = (word: string): boolean => args.some((each) => each.includes(word));
    if (program === 'vgchange') this.isActive = args.includes('y');
    if (program === 'lvcreate') [this.hasVolume, this.isUnfinished] = [true, true];
    if (program === 'lvremove') this.hasVolume = false;
    if (program === 'lvchange' && has('keelson_unfinished')) this.isUnfinished = false;
    if (program === 'lvchange' && has('--addtag'))
      this.marks.push(args[args.indexOf('--addtag') + 1]?.slice('keelson_reserved_'.length) ?? '');
    if (program === 'vgs')
      return {
        stdout: `{"report":[{"vg":[{"vg_name":"${volumeGroup}","vg_tags":"keelson","vg_size":"8","vg_free":"4"}]}]}`,
      };
    if (program !== 'lvs') return {};
    const row = (name: string, tags: readonly string[]) =>
      `{"lv_name":"${name}","lv_tags":"${tags.join()}","lv_size":"4194304","lv_active":"active","segtype":"linear"}`;
    const rows = [
      row('keelson_meta', ['keelson', ...this.marks.map((mark) => `keelson_reserved_${mark}`)]),
      ...(this.hasVolume
        ? [row('keelson_reservations', ['keelson', ...(this.isUnfinished ? ['keelson_unfinished'] : [])])]
        : []),
    ];
    return { stdout: `{"report":[{"lv":[${rows.join()}]}]}` };
  }

  get programs(): readonly string[] {
    return this.context.calls.map(({ program }) => program);
  }

  readonly written = join(writtenFolder(this.places, volumeGroup), fileOf(serial));
  readonly copy = join(copiesFolder(this.places, volumeGroup), fileOf(serial));
}

describe.runIf(isRoot)('a pool’s reservations, on a real file system', () => {
  let pool: Pool;
  beforeEach(() => {
    pool = new Pool();
  });
  afterEach(() => pool.remove());

  const monitor = async () => {
    const seen = await pool.agent().monitor(group, pool.context);
    if (!seen.ok) throw new Error(seen.failure.message);
    return seen.value;
  };

  test('are made with the pool, and mounted so that what the kernel writes is on the disks at once', async () => {
    expect(await pool.agent().create?.(group, pool.context)).toMatchObject({ ok: true });
    const line = readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .find((each) => each.includes(mountPoint(pool.places, volumeGroup)));
    for (const option of ['nosuid', 'nodev', 'noexec', 'sync', 'data=journal'])
      expect(line).toContain(option);
    expect(pool.isUnfinished).toBe(false);
    expect((await monitor()).drift).toBeUndefined();
    expect((await monitor()).facts).toMatchObject({ volumes: 0 });
  });

  test('cost a takeover one check and one mount, and leave with the group', async () => {
    await pool.agent().create?.(group, pool.context);
    await pool.agent().stop(group, pool.context);
    expect(mounted(pool.places, volumeGroup)).toBeUndefined();
    pool.context.calls.length = 0;
    await pool.agent().start(group, pool.context);
    expect(pool.programs).toEqual(['vgchange', 'e2fsck', 'mount']);
    expect(mounted(pool.places, volumeGroup)).toBeDefined();
  });

  test('of a pool that has no volume for them are made by the reload that its monitor asks for', async () => {
    await pool.agent().start(group, pool.context);
    expect(await readVerdict(pool.places, volumeGroup)).toMatchObject({ lost: [] });
    expect((await monitor()).drift).toMatchObject({ code: 'reservations_unavailable' });
    expect(await pool.agent().reload?.(group, pool.context)).toMatchObject({ ok: true });
    expect((await monitor()).drift).toBeUndefined();
    expect(await readVerdict(pool.places, volumeGroup)).toBeUndefined();
  });

  test('half made by a call that was killed are made anew', async () => {
    [pool.hasVolume, pool.isUnfinished] = [true, true];
    await pool.agent().start(group, pool.context);
    await pool.agent().reload?.(group, pool.context);
    expect(pool.programs).toContain('lvremove');
    expect(mounted(pool.places, volumeGroup)).toBeDefined();
  });

  test('on a file system beyond repair stop no group, and are told to the LUNs that need them', async () => {
    await pool.agent().create?.(group, pool.context);
    await pool.agent().stop(group, pool.context);
    pool.marks = [serial];
    writeFileSync(pool.loop, Buffer.alloc(2 ** 20));
    expect(await pool.agent().start(group, pool.context)).toMatchObject({
      ok: true,
      value: { state: 'running' },
    });
    expect(await readVerdict(pool.places, volumeGroup)).toMatchObject({ lost: [serial] });
    // One attempt to put it right, which is no failure of the group, and none again for five minutes.
    expect((await monitor()).drift).toBeDefined();
    const reloaded = await pool.agent().reload?.(group, pool.context);
    expect(reloaded).toEqual({
      ok: true,
      value: expect.not.objectContaining({ drift: expect.anything() as unknown }) as unknown,
    });
    expect((await monitor()).drift).toBeUndefined();
  });

  test('that are gone with their volume are not replaced by none', async () => {
    pool.marks = [serial];
    await pool.agent().start(group, pool.context);
    await pool.agent().reload?.(group, pool.context);
    expect(pool.programs).not.toContain('lvcreate');
    expect(await readVerdict(pool.places, volumeGroup)).toMatchObject({ lost: [serial] });
  });

  test('are copied when the kernel has written them, and a torn file does not replace its copy', async () => {
    await pool.agent().create?.(group, pool.context);
    const over = new AbortController();
    const watching = pool.agent().watch?.(group, { ...pool.context, signal: over.signal }, () => undefined);
    const first = registered({ initiator: host, key: 1 });
    const second = registered({ initiator: host, key: 1, holds: 5 });
    const copied = (content: string) =>
      vi.waitFor(() => expect(readFileSync(pool.copy, 'latin1')).toBe(content), { timeout: 10_000 });
    writeFileSync(pool.written, first);
    await copied(first);
    writeFileSync(pool.written, second);
    await copied(second);
    writeFileSync(pool.written, second.slice(0, 50));
    const other = fileOf('cd'.repeat(16));
    writeFileSync(join(writtenFolder(pool.places, volumeGroup), other), registered());
    await vi.waitFor(() =>
      expect(existsSync(join(copiesFolder(pool.places, volumeGroup), other))).toBe(true),
    );
    await copied(second);
    expect(pool.marks).toEqual([serial]);
    // Who watches does not keep the group from leaving.
    expect(await pool.agent().stop(group, pool.context)).toMatchObject({ ok: true });
    expect(mounted(pool.places, volumeGroup)).toBeUndefined();
    over.abort();
    await watching;
  });
});
