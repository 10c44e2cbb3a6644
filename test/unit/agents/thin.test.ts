import { describe, expect, test } from 'vitest';
import type { DeviceMapper, MappedDevice } from '../../../agents/device-mapper/device-mapper.ts';
import { createLunAgent } from '../../../agents/lio-lun/agent.ts';
import { layOut } from '../../../agents/lvm-command/thin-pool.ts';
import { parseThinStatus } from '../../../agents/lvm-command/thin-usage.ts';
import { createLvmAgent } from '../../../agents/lvm/agent.ts';
import { createSpaceKeeper } from '../../../agents/lvm/space.ts';
import { bytes, EXTENT, type Observation, type Result } from '../../../src/model/index.ts';
import { contextWith, type Call } from './fake-context.ts';
import { KernelTarget } from './kernel-target.ts';
import { emptyPlaces, reservationsOf } from './reservation-places.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;
const group = { volumeGroup: 'keelson_tank', device: '/dev/drbd0' };
const serial = 'ab'.repeat(16);
const lun = {
  iqn: 'iqn.2026-11.com.example:tank',
  lun: 'lun-1',
  number: 1,
  serial,
  volumeGroup: group.volumeGroup,
  size: 100 * GIB,
  thin: true as const,
  initiators: [],
};

/** A volume group of 4 GiB with a thin pool, as LVM and the kernel have them. */
class Group {
  readonly deeds: string[] = [];
  hasPool: boolean;
  /** Bytes. */
  size = 400 * MIB;
  metadata = 4 * MIB;
  used = 0;
  metadataUsed = 0;
  free = 3 * GIB;
  errorWhenFull = false;
  /** An lvcreate was ended while it made the pool. */
  isHalfMade = false;
  /** What a command that was ended has left without its I/O. */
  suspended: string | undefined;
  /** Between the look for the pool and its making another one makes it. */
  isMadeByAnother = false;

  constructor(hasPool = true) {
    this.hasPool = hasPool;
  }

  private device(minor: number, name: string, size: number): MappedDevice {
    return {
      kernelName: `dm-${minor}`,
      name: `keelson_tank-${name}`,
      uuid: `LVM-${minor}`,
      number: `253:${minor}`,
      suspended: name === this.suspended,
      size: bytes(size),
      discards: true,
      below: ['drbd0'],
    };
  }

  get devices(): readonly MappedDevice[] {
    const pool = [
      this.device(1, 'keelson_thin_tmeta', this.metadata),
      this.device(2, 'keelson_thin_tdata', this.size),
      this.device(3, 'keelson_thin-tpool', this.size),
      this.device(4, 'lun--1', 100 * GIB),
    ];
    return [this.device(0, 'keelson_meta', EXTENT), ...(this.hasPool ? pool : [])];
  }

  readonly mapper: DeviceMapper = {
    all: () => Promise.resolve(this.devices),
    find: (name) => Promise.resolve(this.devices.find((device) => device.name === name)),
  };

  get status(): string {
    const chunks = (size: number): number => Math.ceil(size / (64 * 1024));
    const blocks = (size: number): number => Math.ceil(size / 4096);
    const mode = this.used >= this.size ? 'out_of_data_space' : 'rw';
    return `0 819200 thin-pool 1 ${blocks(this.metadataUsed)}/${blocks(this.metadata)} ${chunks(this.used)}/${chunks(this.size)} - ${mode} discard_passdown ${this.errorWhenFull ? 'error_if_no_space' : 'queue_if_no_space'} - 1024 \n`;
  }

  readonly context = contextWith((call) => this.run(call));

  private run({ program, args }: Call): { stdout?: string; exitCode?: number; stderr?: string } {
    const value = (name: string): string => args[args.indexOf(name) + 1] ?? '';
    const added = (name: string): number => Number(/^\+(\d+)b$/.exec(value(name))?.[1] ?? Number.NaN);
    switch (program) {
      case 'vgs': {
        const row = { vg_name: group.volumeGroup, vg_tags: 'keelson', vg_size: 4 * GIB, vg_free: this.free };
        return { stdout: JSON.stringify({ report: [{ vg: [row] }] }) };
      }
      case 'lvs': {
        const isThere = this.hasPool || this.isHalfMade;
        const isPool = value('--select') === 'lv_name=keelson_thin' && isThere;
        const row = {
          lv_name: 'keelson_thin',
          lv_tags: 'keelson',
          lv_size: this.size,
          lv_active: 'active',
          segtype: this.isHalfMade ? 'linear' : 'thin-pool',
        };
        return { stdout: JSON.stringify({ report: [{ lv: isPool ? [row] : [] }] }) };
      }
      case 'lvremove':
        this.isHalfMade = false;
        break;
      case 'dmsetup':
        if (args[0] === 'resume') this.suspended = undefined;
        if (args[0] !== 'status') return {};
        return { stdout: this.status };
    }
    this.deeds.push(`${program} ${args.slice(args.indexOf('--config') + 2).join(' ')}`);
    if (program === 'lvextend' && args.includes('--poolmetadatasize')) {
      this.metadata += added('--poolmetadatasize');
      this.free -= added('--poolmetadatasize');
    } else if (program === 'lvextend') {
      this.size += added('--size');
      this.free -= added('--size');
    }
    if (program === 'lvchange' && args.includes('--errorwhenfull'))
      this.errorWhenFull = value('--errorwhenfull') === 'y';
    if (program === 'lvcreate' && args.includes('thin-pool')) {
      if (this.isMadeByAnother) {
        this.hasPool = true;
        return { exitCode: 5, stderr: 'Logical Volume "keelson_thin" already exists' };
      }
      this.hasPool = true;
    }
    return {};
  }

  reservations = reservationsOf('keelson_tank');

  get agent() {
    return createLvmAgent({
      deviceMapper: this.mapper,
      spaceKeeper: createSpaceKeeper('/nowhere'),
      reservations: this.reservations,
    });
  }

  get lunAgent() {
    return createLunAgent({
      configfs: new KernelTarget(),
      deviceMapper: this.mapper,
      reservations: reservationsOf('keelson_tank'),
    });
  }
}

function seen(result: Result<Observation> | undefined): Observation {
  if (result?.ok !== true) throw new Error(result?.failure.message ?? 'it has no such operation');
  return result.value;
}

describe('the status of a thin pool', () => {
  const sizes = { size: bytes(1000 * 65536), tmeta: bytes(4 * MIB) };
  const line = (rest: string): string => `0 128000 thin-pool 5 ${rest}\n`;

  test.each([
    ['205/1024 250/1000 - rw discard_passdown queue_if_no_space - 1024', 'ok', 'wait', 250],
    [
      '205/1024 1000/1000 - out_of_data_space discard_passdown error_if_no_space - 1024',
      'full',
      'error',
      1000,
    ],
    ['1024/1024 10/1000 - ro discard_passdown queue_if_no_space needs_check 1024', 'broken', 'wait', 10],
  ] as const)('is read: %s', (rest, state, whenFull, used) => {
    expect(parseThinStatus(line(rest), sizes)).toMatchObject({ state, whenFull, used: used * 65536 });
  });

  test('of one that has failed, and of one that is not understood', () => {
    expect(parseThinStatus('0 128000 thin-pool Fail', sizes)?.state).toBe('broken');
    for (const text of ['', '0 128000 linear ', '0 128000 thin-pool Error'])
      expect(parseThinStatus(text, sizes)).toBeUndefined();
  });
});

describe('a thin pool is laid out', () => {
  test.each([
    [4 * GIB, 4 * GIB, { size: 412 * MIB, metadata: 4 * MIB, chunk: 64 * 1024 }],
    [2 ** 40, 2 ** 40, { size: 104860 * MIB, metadata: GIB, chunk: 64 * 1024 }],
    [2 ** 44, 2 ** 44, { size: 1677724 * MIB, metadata: GIB, chunk: MIB }],
    [4 * GIB, 100 * MIB, { size: 92 * MIB, metadata: 4 * MIB, chunk: 64 * 1024 }],
    [4 * GIB, 68 * MIB, undefined],
  ])('in a group of %i bytes of which %i are free', (size, free, layout) => {
    expect(layOut(bytes(size), bytes(free))).toEqual(layout);
  });
});

describe('a thin LUN', () => {
  test('has its volume made out of the pool, which is made first', async () => {
    const tank = new Group(false);
    expect(await tank.lunAgent.create?.(lun, tank.context)).toMatchObject({ ok: true });
    const [pool, volume, finished] = tank.deeds;
    expect(pool).toBe(
      `lvcreate --yes --type thin-pool --name keelson_thin --size ${412 * MIB}b --poolmetadatasize ${4 * MIB}b --chunksize 65536b --discards passdown --zero y --addtag keelson keelson_tank`,
    );
    expect(volume).toContain(`--name lun-1 --type thin --thinpool keelson_thin --virtualsize ${100 * GIB}b`);
    expect(finished).toContain('lvchange --deltag keelson_unfinished');
  });

  test('takes the pool that is there, and the one that another has made meanwhile', async () => {
    const tank = new Group();
    await tank.lunAgent.create?.(lun, tank.context);
    expect(tank.deeds.filter((deed) => deed.includes('thin-pool'))).toEqual([]);
    const busy = new Group(false);
    busy.isMadeByAnother = true;
    expect(await busy.lunAgent.create?.(lun, busy.context)).toMatchObject({ ok: true });
  });

  test('has a pool made anew whose making was interrupted, and no other removed', async () => {
    const tank = new Group(false);
    tank.isHalfMade = true;
    expect(await tank.lunAgent.create?.(lun, tank.context)).toMatchObject({ ok: true });
    expect(tank.deeds[0]).toBe(
      'lvremove --yes --select lv_name=keelson_thin && segtype!=thin-pool keelson_tank',
    );
    expect(tank.deeds[1]).toContain('lvcreate --yes --type thin-pool');
  });

  test('is not made where there is no room for a pool', async () => {
    const tank = new Group(false);
    tank.free = 16 * MIB;
    expect(await tank.lunAgent.create?.(lun, tank.context)).toMatchObject({
      ok: false,
      failure: { code: 'pool_full' },
    });
    expect(tank.deeds).toEqual([]);
  });
});

describe('a volume group with a thin pool', () => {
  test('tells how full it is, and counts volumes of hosts only', async () => {
    const tank = new Group();
    tank.used = 100 * MIB;
    const { state, facts, drift } = seen(await tank.agent.monitor(group, tank.context));
    expect([state, drift]).toEqual(['running', undefined]);
    expect(facts).toEqual({
      volumes: 1,
      sizeBytes: 4 * GIB,
      freeBytes: 3 * GIB,
      thinBytes: 400 * MIB,
      thinTakenBytes: 408 * MIB,
      thinPercent: 25,
      thinMetadataPercent: 0,
      thinState: 'ok',
    });
    expect(tank.deeds).toEqual([]);
  });

  test('has it extended where it fills, and then there is room again', async () => {
    const tank = new Group();
    tank.used = 300 * MIB;
    const before = seen(await tank.agent.monitor(group, tank.context));
    expect(before.drift).toMatchObject({ code: 'thin_pool_fills' });
    const after = seen(await tank.agent.reload?.(group, tank.context));
    expect(after.drift).toBeUndefined();
    expect(tank.deeds).toEqual([`lvextend --noudevsync --size +${148 * MIB}b keelson_tank/keelson_thin`]);
    expect(after.facts?.['thinPercent']).toBeLessThan(60);
  });

  test('has its metadata extended before all', async () => {
    const tank = new Group();
    tank.used = 390 * MIB;
    tank.metadataUsed = 3.9 * MIB;
    await tank.agent.reload?.(group, tank.context);
    expect(tank.deeds.map((deed) => deed.split(' ')[2])).toEqual(['--poolmetadatasize', '--size']);
  });

  test('gives it what is left, and then has writes fail at once instead of waiting for what cannot come', async () => {
    const tank = new Group();
    tank.used = 400 * MIB;
    tank.free = 10 * MIB;
    const full = seen(await tank.agent.reload?.(group, tank.context));
    expect([tank.size, tank.errorWhenFull, full.drift]).toEqual([408 * MIB, true, undefined]);
    tank.free = GIB;
    tank.used = 100 * MIB;
    expect(seen(await tank.agent.monitor(group, tank.context)).drift).toBeDefined();
    await tank.agent.reload?.(group, tank.context);
    expect([tank.size, tank.errorWhenFull]).toEqual([408 * MIB, false]);
  });

  test('starts, however full it is', async () => {
    const tank = new Group();
    tank.used = 399 * MIB;
    expect(seen(await tank.agent.start(group, tank.context)).drift).toBeUndefined();
  });

  test('whose extension was interrupted goes on, and so do the LUNs on it', async () => {
    const tank = new Group();
    tank.suspended = 'keelson_thin-tpool';
    const { state, drift } = seen(await tank.agent.monitor(group, tank.context));
    expect([state, drift?.message]).toEqual(['running', 'suspended: keelson_tank-keelson_thin-tpool']);
    expect(seen(await tank.agent.reload?.(group, tank.context)).drift).toBeUndefined();
    tank.suspended = 'keelson_thin_tdata';
    await tank.lunAgent.stop(lun, tank.context);
    expect(tank.suspended).toBeUndefined();
  });

  test.each([
    ['', true],
    ['active', false],
  ])('serves without what is thin where that alone cannot be activated (%#)', async (thin, isServed) => {
    const tank = new Group(false);
    const volume = (name: string, segtype: string, active: string) => ({
      lv_name: name,
      lv_tags: '',
      lv_size: EXTENT,
      lv_active: active,
      segtype,
    });
    const other = isServed ? 'active' : '';
    const lv = [
      volume('keelson_meta', 'linear', 'active'),
      volume('thick', 'linear', other),
      volume('web', 'thin', thin),
      volume('keelson_thin', 'thin-pool', thin),
    ];
    const context = contextWith(({ program }) =>
      program === 'lvs'
        ? { stdout: JSON.stringify({ report: [{ lv }] }) }
        : { exitCode: 5, stderr: 'device-mapper: reload ioctl failed: Invalid argument' },
    );
    const started = await tank.agent.start(group, context);
    expect(started).toMatchObject(
      isServed
        ? { ok: true, value: { state: 'running' } }
        : { ok: false, failure: { code: 'command_failed' } },
    );
    expect(context.lines.join()).toContain(isServed ? 'what is thin is not active' : '');
  });

  test('is taken down from above where LVM cannot', async () => {
    const tank = new Group();
    tank.reservations = emptyPlaces();
    const context = contextWith(() => ({ exitCode: 5 }));
    await tank.agent.stop(group, context);
    const removed = context.calls.find(({ program }) => program === 'dmsetup')?.args ?? [];
    expect(
      removed.slice(removed.indexOf('--retry') + 1).map((name) => name.replace('keelson_tank-', '')),
    ).toEqual(['keelson_meta', 'lun--1', 'keelson_thin-tpool', 'keelson_thin_tdata', 'keelson_thin_tmeta']);
  });
});
