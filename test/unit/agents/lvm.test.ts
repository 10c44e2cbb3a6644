import { describe, expect, test } from 'vitest';
import type { DeviceMapper, MappedDevice } from '../../../agents/device-mapper/device-mapper.ts';
import { createLunAgent } from '../../../agents/lio-lun/agent.ts';
import { parseGroups, parseVolumes } from '../../../agents/lvm-command/lvm.ts';
import { createLvmAgent } from '../../../agents/lvm/agent.ts';
import { createSpaceKeeper } from '../../../agents/lvm/space.ts';
import { bytes } from '../../../src/model/index.ts';
import { contextWith, type Call } from './fake-context.ts';
import { KernelTarget } from './kernel-target.ts';
import { emptyPlaces, reservationsOf } from './reservation-places.ts';

/** Captured from LVM 2.03.16. */
const groupReport = `  {
      "report": [
          {
              "vg": [
                  {"vg_name":"keelson-tank", "vg_tags":"keelson", "vg_size":"1069547520", "vg_free":"880803840"}
              ]
          }
      ]
  }
`;
const noGroupReport = '{"report":[{"vg":[]}]}';
const volumeReport = (tags: string, size = 16777216, active = 'active', name = 'lun-1') => `  {
      "report": [
          {
              "lv": [
                  {"lv_name":"${name}", "lv_tags":"${tags}", "lv_size":"${size}", "lv_active":"${active}", "segtype":"linear"}
              ]
          }
      ]
  }
`;
const noVolumeReport = `  {
      "report": [
          {
              "lv": [
              ]
          }
      ]
  }
`;
const full = '  Volume group "keelson-tank" has insufficient free space (210 extents): 2304 required.\n';

const device = (minor: number, name: string, changed: Partial<MappedDevice> = {}): MappedDevice => ({
  kernelName: `dm-${minor}`,
  name,
  uuid: `LVM-${minor}`,
  number: `253:${minor}`,
  suspended: false,
  size: bytes(4194304),
  discards: false,
  below: ['drbd0'],
  ...changed,
});

const mapperOf = (devices: readonly MappedDevice[]): DeviceMapper => ({
  all: () => Promise.resolve(devices),
  find: (name) => Promise.resolve(devices.find((candidate) => candidate.name === name)),
});

const meta = device(0, 'keelson--tank-keelson_meta');
const group = { volumeGroup: 'keelson-tank', device: '/dev/drbd0' };

describe('reports', () => {
  test('are read as LVM writes them', () => {
    expect(parseGroups(groupReport)).toEqual({
      ok: true,
      value: [{ name: 'keelson-tank', tags: ['keelson'], size: 1069547520, free: 880803840 }],
    });
    expect(parseVolumes(volumeReport('a,b'))).toEqual({
      ok: true,
      value: [
        {
          name: 'lun-1',
          tags: ['a', 'b'],
          size: 16777216,
          active: true,
          isPutAway: false,
          kind: 'linear',
        },
      ],
    });
    expect(parseVolumes(noVolumeReport)).toEqual({ ok: true, value: [] });
  });

  test.each(['', '{}', '{"report":[{"lv":[{"lv_name":"x"}]}]}'])(
    'that are not understood fail: %s',
    (text) => {
      expect(parseVolumes(text)).toMatchObject({ ok: false, failure: { code: 'command_failed' } });
    },
  );
});

describe('a volume group', () => {
  const agentOn = (devices: readonly MappedDevice[], reservations = reservationsOf('keelson-tank')) =>
    createLvmAgent({
      deviceMapper: mapperOf(devices),
      spaceKeeper: createSpaceKeeper('/nowhere'),
      reservations,
    });
  const answering = () => contextWith(({ program }) => ({ stdout: program === 'vgs' ? groupReport : '' }));

  test.each([
    ['stopped', [device(5, 'other-lun')], ''],
    ['failed', [device(1, 'keelson--tank-lun--1')], 'only a part'],
    ['failed', [{ ...meta, below: ['vdb'] }], 'on vdb instead of /dev/drbd0'],
    ['failed', [{ ...meta, suspended: true }], 'suspended: keelson--tank-keelson_meta'],
    // As for a moment while it is extended.
    ['running', [meta, device(1, 'keelson--tank-lun--1', { suspended: true })], ''],
    ['running', [meta, device(1, 'keelson--tank-lun--1')], ''],
  ])('is seen as %s (%#)', async (state, devices, problem) => {
    const result = await agentOn(devices).monitor(group, answering());
    if (!result.ok) throw new Error(result.failure.message);
    expect(result.value.state).toBe(state);
    expect(result.value.problem?.message ?? '').toContain(problem);
  });

  test('is asked for its space only when its volumes changed', async () => {
    const devices = [meta];
    const agent = agentOn(devices);
    const context = answering();
    const facts = { volumes: 0, sizeBytes: 1069547520, freeBytes: 880803840 };
    expect(await agent.monitor(group, context)).toMatchObject({ ok: true, value: { facts } });
    await agent.monitor(group, context);
    expect(context.calls).toHaveLength(1);
    devices.push(device(1, 'keelson--tank-lun--1'));
    await agent.monitor(group, context);
    expect(context.calls).toHaveLength(2);
  });

  test('that is not active is stopped without asking LVM', async () => {
    const context = contextWith();
    expect(await agentOn([]).stop(group, context)).toEqual({ ok: true, value: { state: 'stopped' } });
    expect(context.calls).toEqual([]);
  });

  test('that LVM cannot deactivate is taken down by the device mapper', async () => {
    const devices = [meta];
    const context = contextWith(({ program }) => {
      if (program === 'dmsetup') devices.pop();
      return { exitCode: program === 'vgchange' ? 5 : 0 };
    });
    expect(await agentOn(devices, emptyPlaces()).stop(group, context)).toMatchObject({
      ok: true,
      value: { state: 'stopped' },
    });
  });

  test('that is in use says what is', async () => {
    const context = contextWith(() => ({ exitCode: 5, stderr: 'in use' }));
    const result = await agentOn([meta], emptyPlaces()).stop(group, context);
    expect(result.ok ? '' : result.failure.message).toContain('keelson--tank-keelson_meta: in use');
  });

  const creating = (answers: Readonly<Record<string, string>>) =>
    contextWith(({ program }) => ({ stdout: answers[program] ?? '' }));
  const programs = (calls: readonly Call[]) => calls.map((call) => call.program);

  test('is made on an empty disk, and completed where only a part was made', async () => {
    const empty = creating({ vgs: noGroupReport, lvs: noVolumeReport });
    await agentOn([]).create?.(group, empty);
    expect(programs(empty.calls)).toEqual(['vgs', 'wipefs', 'vgcreate', 'lvs', 'lvcreate', 'vgchange']);
    const made = empty.calls.find(({ program }) => program === 'vgcreate');
    expect(made?.args.join(' ')).toContain('--metadatasize 32m');
    const labelled = creating({ vgs: noGroupReport, lvs: noVolumeReport, wipefs: 'LVM2_member\n' });
    await agentOn([]).create?.(group, labelled);
    expect(programs(labelled.calls)).toContain('vgcreate');
    const half = creating({ vgs: groupReport, lvs: noVolumeReport });
    await agentOn([]).create?.(group, half);
    expect(programs(half.calls)).toEqual(['vgs', 'lvs', 'lvcreate', 'vgchange']);
    const whole = creating({
      vgs: groupReport,
      lvs: volumeReport('keelson', 4194304, 'active', 'keelson_meta'),
    });
    await agentOn([]).create?.(group, whole);
    expect(programs(whole.calls)).toEqual(['vgs', 'lvs', 'vgchange']);
  });

  test.each([
    ['a file system', { vgs: noGroupReport, wipefs: 'xfs\n' }],
    ['a group without our tag', { vgs: groupReport.replace('"keelson"', '""') }],
    ['another group', { vgs: groupReport.replace('"keelson-tank"', '"home"') }],
  ])('is not made over %s', async (_, answers) => {
    const context = creating(answers);
    const result = await agentOn([]).create?.(group, context);
    expect(result).toMatchObject({ ok: false, failure: { code: 'disk_has_data' } });
    expect(programs(context.calls)).not.toContain('vgcreate');
  });
});

describe('the volume of a LUN', () => {
  const serial = 'ab'.repeat(16);
  const tag = `keelson_lun_${serial}`;
  const lun = {
    iqn: 'iqn.2026-11.com.example:tank',
    lun: 'lun-1',
    number: 1,
    serial,
    volumeGroup: 'keelson-tank',
    size: 16777216,
    initiators: [],
  };
  const agent = createLunAgent({
    configfs: new KernelTarget(),
    deviceMapper: mapperOf([meta]),
    reservations: reservationsOf('keelson-tank'),
  });
  /** LVM makes no second volume of a name. */
  const answering = (report: string, other: (call: Call) => object = () => ({})) => {
    let isThere = report !== noVolumeReport;
    return contextWith((call) => {
      if (call.program === 'lvs') return { stdout: report };
      if (call.program === 'lvremove') isThere = false;
      if (call.program === 'lvcreate' && isThere)
        return {
          exitCode: 5,
          stderr: 'Logical Volume "lun-1" already exists in volume group "keelson-tank"',
        };
      return other(call);
    });
  };
  const done = (calls: readonly Call[]) => calls.map(({ program }) => program);

  test.each([
    ['is made, wiped and only then finished', noVolumeReport, ['lvcreate', 'lvchange']],
    ['that is there already is done', volumeReport(tag), ['lvcreate', 'lvs']],
    ['that is not active is activated', volumeReport(tag, 16777216, ''), ['lvcreate', 'lvs', 'lvchange']],
    [
      'that was left unfinished is made anew',
      volumeReport(`${tag},keelson_unfinished`),
      ['lvcreate', 'lvs', 'lvremove', 'lvcreate', 'lvchange'],
    ],
  ])('%s', async (_, report, expected) => {
    const context = answering(report);
    expect(await agent.create?.(lun, context)).toMatchObject({ ok: true, value: { state: 'stopped' } });
    expect(done(context.calls)).toEqual(expected);
  });

  test.each([
    ['of somebody else', volumeReport('')],
    ["of another LUN's serial", volumeReport(`keelson_lun_${'0'.repeat(32)}`)],
    ['of another size', volumeReport(tag, 33554432)],
  ])('%s is never taken', async (_, report) => {
    const context = answering(report);
    const result = await agent.create?.(lun, context);
    expect(result).toMatchObject({ ok: false, failure: { code: 'volume_foreign' } });
    expect(done(context.calls)).toEqual(['lvcreate', 'lvs']);
  });

  test('that does not fit says that the pool is full', async () => {
    const context = answering(noVolumeReport, ({ program }) =>
      program === 'lvcreate' ? { exitCode: 5, stderr: full } : {},
    );
    const result = await agent.create?.(lun, context);
    expect(result).toMatchObject({ ok: false, failure: { code: 'pool_full' } });
  });

  test('is made only where the pool is active', async () => {
    const idle = createLunAgent({
      configfs: new KernelTarget(),
      deviceMapper: mapperOf([]),
      reservations: reservationsOf('keelson-tank'),
    });
    const result = await idle.create?.(lun, contextWith());
    expect(result).toMatchObject({ ok: false, failure: { code: 'pool_not_ready' } });
  });

  test('is removed by its tag alone', async () => {
    const mine = answering(volumeReport(tag));
    await agent.remove?.(lun, mine);
    expect(done(mine.calls)).toEqual(['lvs', 'lvremove']);
    for (const report of [noVolumeReport, volumeReport('')]) {
      const context = answering(report);
      expect(await agent.remove?.(lun, context)).toMatchObject({ ok: true });
      expect(done(context.calls)).toEqual(['lvs']);
    }
  });

  test('LVM is let see the DRBD device and nothing else', async () => {
    const context = answering(noVolumeReport);
    await agent.create?.(lun, context);
    for (const { args } of context.calls) {
      expect(args[0]).toBe('--config');
      expect(args[1]).toContain('global_filter=["a|^/dev/drbd0$|","r|.*|"]');
    }
  });
});
