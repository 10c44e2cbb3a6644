import { describe, expect, test } from 'vitest';
import type { DeviceMapper, MappedDevice } from '../../../agents/device-mapper/device-mapper.ts';
import { createLunAgent } from '../../../agents/lio-lun/agent.ts';
import { bytes } from '../../../src/model/index.ts';
import { contextWith } from './fake-context.ts';
import { KernelTarget } from './kernel-target.ts';
import { reservationsOf } from './reservation-places.ts';

const MIB = 2 ** 20;
const serial = 'ab'.repeat(16);
const tag = `keelson_lun_${serial}`;
const lun = {
  iqn: 'iqn.2026-11.com.example:tank',
  lun: 'lun-1',
  number: 1,
  serial,
  volumeGroup: 'keelson-tank',
  size: 64 * MIB,
  initiators: [],
};

/** A volume as LVM's metadata and the kernel have it, with programs that change both as LVM's do. */
class Volume {
  readonly deeds: string[] = [];
  private readonly devices: MappedDevice[];
  private readonly tags: string;
  recorded: number;
  /** What the next program does not come to: it is ended before. */
  endsBefore: 'record' | 'table' | undefined;
  hasRoom = true;

  constructor(recorded: number, mapped = recorded, tags = tag) {
    this.recorded = recorded;
    this.tags = tags;
    const common = { kernelName: 'dm-0', suspended: false, discards: false, below: ['drbd0'] };
    this.devices = [
      { ...common, name: 'keelson--tank-keelson_meta', uuid: 'LVM-0', number: '253:0', size: bytes(4 * MIB) },
      { ...common, name: 'keelson--tank-lun--1', uuid: 'LVM-1', number: '253:1', size: bytes(mapped) },
    ];
  }

  private get device(): MappedDevice {
    const [, device] = this.devices;
    if (device === undefined) throw new Error('there is no volume');
    return device;
  }

  get mapped(): number {
    return this.device.size;
  }

  get isSuspended(): boolean {
    return this.device.suspended;
  }

  change(to: Partial<MappedDevice>): void {
    this.devices[1] = { ...this.device, ...to };
  }

  readonly mapper: DeviceMapper = {
    all: () => Promise.resolve(this.devices),
    find: (name) => Promise.resolve(this.devices.find((device) => device.name === name)),
  };

  get agent() {
    return createLunAgent({
      configfs: new KernelTarget(),
      deviceMapper: this.mapper,
      reservations: reservationsOf('keelson-tank'),
    });
  }

  readonly context = contextWith(({ program, args }) => {
    if (program === 'lvs') {
      const row = {
        lv_name: 'lun-1',
        lv_tags: this.tags,
        lv_size: String(this.recorded),
        lv_active: 'active',
        segtype: 'linear',
      };
      return { stdout: JSON.stringify({ report: [{ lv: [row] }] }) };
    }
    this.deeds.push(program === 'dmsetup' ? `${program} ${args[0] ?? ''}` : program);
    return this.run(program, args);
  });

  private run(program: string, args: readonly string[]): { exitCode?: number; stderr?: string } {
    const { endsBefore } = this;
    this.endsBefore = undefined;
    const ended = { exitCode: 5, stderr: 'Interrupted...' };
    if (program === 'lvextend') {
      if (!this.hasRoom)
        return { exitCode: 5, stderr: '  Insufficient free space: 12 extents needed, but only 3 available' };
      this.change({ suspended: true });
      if (endsBefore === 'record') return ended;
      this.recorded = Number(args[args.indexOf('--size') + 1]?.replace(/b$/, ''));
    }
    if (program === 'lvextend' && endsBefore === 'table') return ended;
    if (program === 'lvextend' || (program === 'lvchange' && args.includes('--refresh')))
      this.change({ size: bytes(this.recorded), suspended: false });
    if (program === 'dmsetup' && args[0] === 'resume') this.change({ suspended: false });
    return {};
  }
}

describe('a volume that is to grow', () => {
  test('is extended to the size that is asked for', async () => {
    const volume = new Volume(16 * MIB);
    expect(await volume.agent.grow?.(lun, volume.context)).toMatchObject({ ok: true });
    expect([volume.recorded, volume.mapped, volume.deeds]).toEqual([64 * MIB, 64 * MIB, ['lvextend']]);
    const call = volume.context.calls.find(({ program }) => program === 'lvextend');
    expect(call?.args.slice(-3)).toEqual(['--size', `${64 * MIB}b`, 'keelson-tank/lun-1']);
  });

  test.each([64, 128])('and has %i MiB already is left as it is', async (size) => {
    const volume = new Volume(size * MIB);
    expect(await volume.agent.grow?.(lun, volume.context)).toMatchObject({ ok: true });
    expect([volume.mapped, volume.deeds]).toEqual([size * MIB, []]);
  });

  test.each(['record', 'table'] as const)(
    'is extended by the next attempt where LVM was ended before the %s',
    async (endsBefore) => {
      const volume = new Volume(16 * MIB);
      volume.endsBefore = endsBefore;
      expect(await volume.agent.grow?.(lun, volume.context)).toMatchObject({ ok: false });
      expect(volume.isSuspended).toBe(true);
      expect(await volume.agent.grow?.(lun, volume.context)).toMatchObject({ ok: true });
      expect([volume.mapped, volume.isSuspended]).toEqual([64 * MIB, false]);
    },
  );

  test('on a node that took over knows what the other had written down', async () => {
    const volume = new Volume(64 * MIB, 16 * MIB);
    expect(await volume.agent.grow?.(lun, volume.context)).toMatchObject({ ok: true });
    expect([volume.mapped, volume.deeds]).toEqual([64 * MIB, ['lvchange']]);
  });

  test('and has no room says that the pool is full', async () => {
    const volume = new Volume(16 * MIB);
    volume.hasRoom = false;
    expect(await volume.agent.grow?.(lun, volume.context)).toMatchObject({
      ok: false,
      failure: { code: 'pool_full' },
    });
    expect(volume.mapped).toBe(16 * MIB);
  });

  test.each(['', `keelson_lun_${'0'.repeat(32)}`, `${tag},keelson_unfinished`])(
    'is touched by its tag alone (%j)',
    async (tags) => {
      const volume = new Volume(16 * MIB, 16 * MIB, tags);
      expect(await volume.agent.grow?.(lun, volume.context)).toMatchObject({
        ok: false,
        failure: { code: 'volume_foreign' },
      });
      expect(volume.deeds).toEqual([]);
    },
  );
});

describe('a volume that was left suspended', () => {
  test('goes on with the table that it had, before its LUN is stopped', async () => {
    const volume = new Volume(16 * MIB);
    volume.change({ suspended: true });
    expect(await volume.agent.stop(lun, volume.context)).toEqual({ ok: true, value: { state: 'stopped' } });
    expect([volume.isSuspended, volume.deeds]).toEqual([false, ['dmsetup clear', 'dmsetup resume']]);
  });
});
