import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DeviceMapper, MappedDevice } from '../../../agents/device-mapper/device-mapper.ts';
import { resumeLeftSuspended } from '../../../agents/device-mapper/resume.ts';
import { createLunAgent } from '../../../agents/lio-lun/agent.ts';
import { isLvmAtWork } from '../../../agents/lvm-command/at-work.ts';
import { createSnapshotAgent } from '../../../agents/lvm-snapshot/agent.ts';
import { bytes, EXTENT, type Observation, type Result } from '../../../src/model/index.ts';
import { contextWith, type Call } from './fake-context.ts';
import { KernelTarget } from './kernel-target.ts';
import { reservationsOf } from './reservation-places.ts';

const MIB = 2 ** 20;
const group = 'keelson_tank';
const serial = 'ab'.repeat(16);
const lunTag = `keelson_lun_${serial}`;
const snap = `keelson_snap_${'cd'.repeat(16)}`;
const other = `keelson_snap_${'ef'.repeat(16)}`;
const ofLun = { name: 'db', tag: lunTag };

interface Volume {
  tags: string[];
  size: number;
  active: boolean;
  putAway: boolean;
  kind: string;
}

/** A volume group with LVM's programs, which may be ended before a step. */
class Group {
  readonly volumes = new Map<string, Volume>();
  readonly deeds: string[] = [];
  endsAt: string | undefined;
  complaint: string | undefined;

  add(name: string, changed: Partial<Volume> = {}): Volume {
    const volume = { tags: [lunTag], size: 64 * MIB, active: true, putAway: false, kind: 'thin', ...changed };
    this.volumes.set(name, volume);
    return volume;
  }

  private device(name: string, index: number): MappedDevice {
    return {
      kernelName: `dm-${index}`,
      name: `${group}-${name}`,
      uuid: `LVM-${index}`,
      number: `253:${index}`,
      suspended: false,
      size: bytes(EXTENT),
      discards: true,
      below: ['drbd0'],
    };
  }

  readonly mapper: DeviceMapper = {
    all: () => Promise.resolve([this.device('keelson_meta', 0)]),
    find: (name) => Promise.resolve([this.device('keelson_meta', 0)].find((device) => device.name === name)),
  };

  readonly context = contextWith((call) => this.run(call));

  get agent() {
    return createSnapshotAgent(this.mapper);
  }

  get lunAgent() {
    return createLunAgent({
      configfs: new KernelTarget(),
      deviceMapper: this.mapper,
      reservations: reservationsOf('keelson_tank'),
    });
  }

  private run({ program, args }: Call): { stdout?: string; exitCode?: number; stderr?: string } {
    const rest = args.slice(2);
    const after = (option: string): string | undefined =>
      rest.includes(option) ? rest[rest.indexOf(option) + 1] : undefined;
    if (program === 'lvs') return { stdout: this.report(after('--select') ?? '') };
    const [, target = ''] = (rest.at(-1) ?? '').split('/');
    this.deeds.push(`${program} ${rest.join(' ')}`);
    if (this.complaint !== undefined) return { exitCode: 5, stderr: this.complaint };
    const ended = this.endsAt === program ? { exitCode: 5, stderr: 'Interrupted...' } : {};
    if (this.endsAt === program) this.endsAt = undefined;
    const found = this.volumes.get(target);
    if (found === undefined) return { exitCode: 5, stderr: `Failed to find logical volume "${target}"` };
    switch (program) {
      case 'lvcreate': {
        const tags = rest.flatMap((word, index) => (rest[index - 1] === '--addtag' ? [word] : []));
        const putAway = after('--setactivationskip') === 'y';
        this.volumes.set(after('--name') ?? '', { ...found, tags, putAway, active: !putAway });
        break;
      }
      case 'lvremove':
        this.volumes.delete(target);
        break;
      case 'lvextend':
        if (ended.exitCode === undefined) found.size = Number(after('--size')?.replace(/b$/, ''));
        break;
      case 'lvchange':
        if (ended.exitCode !== undefined) break;
        found.tags = found.tags.filter((tag) => tag !== after('--deltag'));
        if (after('--setactivationskip') !== undefined) found.putAway = after('--setactivationskip') === 'y';
        if (after('--activate') !== undefined) found.active = after('--activate') === 'y';
    }
    return ended;
  }

  private report(select: string): string {
    const lv = [...this.volumes]
      .filter(([name]) => select.split(' || ').includes(`lv_name=${name}`))
      .map(([name, { tags, size, active, putAway, kind }]) => ({
        lv_name: name,
        lv_tags: tags.join(','),
        lv_size: String(size),
        lv_active: active ? 'active' : '',
        lv_skip_activation: putAway ? 'skip activation' : '',
        segtype: kind,
      }));
    return JSON.stringify({ report: [{ lv }] });
  }
}

let lvm: Group;
beforeEach(() => {
  lvm = new Group();
  lvm.add('db');
});

const wanted = { volumeGroup: group, volume: { name: snap, tag: snap }, size: 64 * MIB, origin: ofLun };
const code = (result: Result<Observation> | undefined): string | undefined =>
  result?.ok === false ? result.failure.code : undefined;
const made = (): Partial<Volume> | undefined => lvm.volumes.get(snap);

describe('the volume of a snapshot', () => {
  test('is made of a thin one, and put away', async () => {
    expect(await lvm.agent.create?.(wanted, lvm.context)).toEqual({ ok: true, value: { state: 'stopped' } });
    expect(made()).toEqual({ tags: [snap], size: 64 * MIB, active: false, putAway: true, kind: 'thin' });
    expect(lvm.deeds).toEqual([
      `lvcreate --yes --snapshot --setactivationskip y --name ${snap} --addtag ${snap} --addtag keelson_unfinished ${group}/db`,
      `lvchange --deltag keelson_unfinished ${group}/${snap}`,
    ]);
    expect(lvm.volumes.get('db')).toMatchObject({ active: true, putAway: false });
  });

  test('is made once', async () => {
    await lvm.agent.create?.(wanted, lvm.context);
    lvm.deeds.splice(0);
    expect(await lvm.agent.create?.(wanted, lvm.context)).toMatchObject({ ok: true });
    expect(lvm.deeds).toEqual([]);
  });

  test.each(['lvcreate', 'lvchange'])('is made anew where %s was ended', async (program) => {
    lvm.endsAt = program;
    expect(await lvm.agent.create?.(wanted, lvm.context)).toMatchObject({ ok: false });
    expect(made()?.tags).toContain('keelson_unfinished');
    expect(await lvm.agent.create?.(wanted, lvm.context)).toMatchObject({ ok: true });
    expect(lvm.deeds.map((deed) => deed.split(' ')[0])).toContain('lvremove');
    expect(made()).toMatchObject({ tags: [snap], putAway: true });
  });

  test.each<[string, () => void, string]>([
    ['somebody else’s volume has its name', () => lvm.add(snap, { tags: [] }), 'volume_foreign'],
    ['the origin is another LUN’s', () => lvm.add('db', { tags: [] }), 'volume_foreign'],
    ['the origin is not thin', () => lvm.add('db', { kind: 'linear' }), 'volume_foreign'],
    ['the origin is gone', () => lvm.volumes.delete('db'), 'agent_failed'],
    [
      'the pool is full',
      () =>
        (lvm.complaint =
          'Free space in pool keelson_tank/keelson_thin is above threshold, new volumes are not allowed.'),
      'pool_full',
    ],
  ])('is not made where %s', async (_, arrange, expected) => {
    arrange();
    expect(code(await lvm.agent.create?.(wanted, lvm.context))).toBe(expected);
    expect(made()?.tags ?? []).not.toContain(snap);
  });

  test('takes no words that mean something to a program', async () => {
    for (const volume of [
      { name: '--yes', tag: snap },
      { name: snap, tag: 'keelson' },
      { name: '../x', tag: snap },
    ])
      expect(code(await lvm.agent.create?.({ ...wanted, volume }, lvm.context))).toBe(
        'agent_parameters_invalid',
      );
    expect(lvm.context.calls).toEqual([]);
  });

  test('goes, and with it nothing that has not its tag', async () => {
    await lvm.agent.create?.(wanted, lvm.context);
    expect(await lvm.agent.remove?.(wanted, lvm.context)).toMatchObject({ ok: true });
    expect([...lvm.volumes.keys()]).toEqual(['db']);
    lvm.add(snap, { tags: ['keelson_other'] });
    for (const volume of [
      { name: snap, tag: snap },
      { name: other, tag: other },
    ])
      expect(await lvm.agent.remove?.({ ...wanted, volume }, lvm.context)).toMatchObject({ ok: true });
    expect([...lvm.volumes.keys()]).toEqual(['db', snap]);
  });

  test('is seen as nothing that runs, without asking anybody', async () => {
    expect(await lvm.agent.monitor(wanted, lvm.context)).toEqual({ ok: true, value: { state: 'stopped' } });
    expect(lvm.context.calls).toEqual([]);
  });
});

describe('the volume that a LUN is rolled back to', () => {
  const forLun = {
    ...wanted,
    volume: { name: other, tag: other },
    origin: { name: snap, tag: snap },
    use: 'lun',
  };

  beforeEach(async () => {
    await lvm.agent.create?.(wanted, lvm.context);
    lvm.deeds.splice(0);
  });

  test('is active, and as large as the LUN', async () => {
    expect(await lvm.agent.create?.({ ...forLun, size: 96 * MIB }, lvm.context)).toMatchObject({ ok: true });
    expect(lvm.volumes.get(other)).toMatchObject({
      active: true,
      putAway: false,
      size: 96 * MIB,
      tags: [other],
    });
    expect(made()).toMatchObject({ active: false, putAway: true, size: 64 * MIB });
  });

  test.each(['lvcreate', 'lvextend', 'lvchange'])(
    'is whole in the end where %s was ended',
    async (program) => {
      lvm.endsAt = program;
      const larger = { ...forLun, size: 96 * MIB };
      expect(await lvm.agent.create?.(larger, lvm.context)).toMatchObject({ ok: false });
      expect(await lvm.agent.create?.(larger, lvm.context)).toMatchObject({ ok: true });
      expect(lvm.volumes.get(other)).toMatchObject({ active: true, size: 96 * MIB, tags: [other] });
    },
  );

  test('is activated where it is whole and is not active', async () => {
    await lvm.agent.create?.(forLun, lvm.context);
    const volume = lvm.volumes.get(other);
    if (volume !== undefined) volume.active = false;
    expect(await lvm.agent.create?.(forLun, lvm.context)).toMatchObject({ ok: true });
    expect(volume?.active).toBe(true);
  });

  test('leaves the LUN’s own volume to be put away, also where that was interrupted', async () => {
    const left = { volumeGroup: group, volume: ofLun, size: 64 * MIB };
    expect(await lvm.agent.create?.(left, lvm.context)).toMatchObject({ ok: true });
    expect(lvm.volumes.get('db')).toMatchObject({ active: false, putAway: true });
    expect(lvm.deeds).toEqual([
      `lvchange --setactivationskip y ${group}/db`,
      `lvchange --activate n ${group}/db`,
    ]);
    lvm.add('db', { active: false });
    expect(await lvm.agent.create?.(left, lvm.context)).toMatchObject({ ok: true });
    expect(lvm.volumes.get('db')?.putAway).toBe(true);
  });
});

describe('a LUN', () => {
  const lun = {
    iqn: 'iqn.2026-11.com.example:tank',
    lun: 'copy',
    number: 2,
    serial: '12'.repeat(16),
    volumeGroup: group,
    size: 64 * MIB,
    thin: true as const,
    initiators: [],
  };

  test('that is a clone has a volume of its own name, made of the other one, and active', async () => {
    expect(await lvm.lunAgent.create?.({ ...lun, origin: ofLun }, lvm.context)).toMatchObject({ ok: true });
    expect(lvm.volumes.get('copy')).toMatchObject({
      tags: [`keelson_lun_${lun.serial}`],
      active: true,
      putAway: false,
    });
  });

  test('that was rolled back is removed with the volume that it has now, and no other', async () => {
    lvm.add('copy', { tags: [`keelson_lun_${lun.serial}`] });
    lvm.add(snap, { tags: [snap] });
    expect(await lvm.lunAgent.remove?.({ ...lun, volume: snap }, lvm.context)).toMatchObject({ ok: true });
    expect([...lvm.volumes.keys()]).toEqual(['db', 'copy']);
  });
});

describe('an LVM command at work', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'locks-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const locksFile = (kind: string, access: string, ino: bigint | number, device: string): string => {
    const path = join(folder, 'locks');
    writeFileSync(
      path,
      `1: POSIX  ADVISORY  WRITE 1 00:01:7 0 EOF\n2: ${kind}  ADVISORY  ${access} 42 ${device}:${ino} 0 EOF\n`,
    );
    return path;
  };
  const held = () => {
    const path = join(folder, `V_${group}`);
    writeFileSync(path, '');
    const { ino, dev } = statSync(path, { bigint: true });
    const [major, minor] = [(dev >> 8n) & 0xfffn, (dev & 0xffn) | ((dev >> 12n) & 0xffffff00n)];
    const hex = (number: bigint): string => number.toString(16).padStart(2, '0');
    return { ino, device: `${hex(major)}:${hex(minor)}` };
  };

  test('is known by the lock of the group that it holds for writing', () => {
    const { ino, device } = held();
    const locks = locksFile('FLOCK', 'WRITE', ino, device);
    expect(isLvmAtWork(group, { folder, locks })).toBe(true);
    expect(isLvmAtWork('keelson_other', { folder, locks })).toBe(false);
  });

  test.each([
    ['reads only', 'FLOCK', 'READ', 0n],
    ['holds another kind of lock', 'POSIX', 'WRITE', 0n],
    ['holds another file', 'FLOCK', 'WRITE', 1n],
  ])('is none where it %s', (_, kind, access, shift) => {
    const { ino, device } = held();
    expect(isLvmAtWork(group, { folder, locks: locksFile(kind, access, ino + shift, device) })).toBe(false);
  });

  test('keeps the device that it has suspended, until it lets go of it', async () => {
    let looks = 0;
    const find = () => {
      looks += 1;
      const device = {
        kernelName: 'dm-1',
        name: 'x',
        uuid: '',
        number: '',
        size: bytes(0),
        discards: true,
        below: [],
      };
      return Promise.resolve({ ...device, suspended: looks < 15 });
    };
    const context = contextWith(() => ({}));
    const mapper = { all: () => Promise.resolve([]), find };
    expect(await resumeLeftSuspended(mapper, 'x', context, () => true)).toMatchObject({ ok: true });
    expect(context.calls).toEqual([]);
    looks = 0;
    expect(await resumeLeftSuspended(mapper, 'x', context)).toMatchObject({ ok: true });
    expect(context.calls.map(({ args }) => args[0])).toEqual(['clear', 'resume']);
  });

  test('that does not end is told, and what it holds is left to it', async () => {
    const ended = new AbortController();
    ended.abort();
    const context = contextWith(() => ({}), ended.signal);
    const device = {
      kernelName: 'dm-1',
      name: 'x',
      uuid: '',
      number: '',
      size: bytes(0),
      discards: true,
      below: [],
    };
    const mapper = {
      all: () => Promise.resolve([]),
      find: () => Promise.resolve({ ...device, suspended: true }),
    };
    expect(await resumeLeftSuspended(mapper, 'x', context, () => true)).toMatchObject({
      ok: false,
      failure: { code: 'agent_failed' },
    });
    expect(context.calls).toEqual([]);
  });
});
