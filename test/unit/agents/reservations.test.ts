import {
  closeSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { DeviceMapper, MappedDevice } from '../../../agents/device-mapper/device-mapper.ts';
import { createLunAgent } from '../../../agents/lio-lun/agent.ts';
import { createTargetAgent } from '../../../agents/lio-target/agent.ts';
import {
  copiesFolder,
  fileOf,
  writtenFolder,
  type ReservationPlaces,
} from '../../../agents/reservations/places.ts';
import { asWritten, readRegistrations, toldToKernel } from '../../../agents/reservations/registrations.ts';
import { writeVerdict } from '../../../agents/reservations/verdict.ts';
import { bytes } from '../../../src/model/index.ts';
import { contextWith } from './fake-context.ts';
import { Killed, KernelTarget } from './kernel-target.ts';
import { emptyPlaces, reservationsOf } from './reservation-places.ts';
import { registered } from './registered.ts';

const iqn = 'iqn.2026-11.com.example:tank';
const [hostA, hostB, stranger] = ['a', 'b', 'c'].map((name) => `iqn.2026-11.com.example:host-${name}`) as [
  string,
  string,
  string,
];
const serial = 'ab'.repeat(16);
const volumeGroup = 'keelson_tank';
const lun = { iqn, lun: 'vm1', number: 1, serial, volumeGroup, size: 16777216, initiators: [hostA, hostB] };
const backstore = 'core/iblock_0/keelson_vm1';
const given = `${backstore}/pr/res_aptpl_metadata`;

const device = (minor: number, name: string): MappedDevice => ({
  kernelName: `dm-${minor}`,
  name,
  uuid: `LVM-${minor}`,
  number: `253:${minor}`,
  suspended: false,
  size: bytes(16777216),
  discards: false,
  below: ['drbd0'],
});
const devices = [device(0, 'keelson_tank-keelson_meta'), device(1, 'keelson_tank-vm1')];
const deviceMapper: DeviceMapper = {
  all: () => Promise.resolve(devices),
  find: (name) => Promise.resolve(devices.find((each) => each.name === name)),
};

let kernel: KernelTarget;
let places: ReservationPlaces;
let context: ReturnType<typeof contextWith>;
const agent = () => createLunAgent({ configfs: kernel, deviceMapper, reservations: places });
const written = () => join(writtenFolder(places, volumeGroup), fileOf(serial));
const copy = () => join(copiesFolder(places, volumeGroup), fileOf(serial));

beforeEach(async () => {
  kernel = new KernelTarget();
  kernel.devices.set('/dev/dm-1', '253:1');
  places = reservationsOf(volumeGroup);
  context = contextWith(() => ({ stdout: '{"report":[{"lv":[]}]}' }));
  const target = createTargetAgent({ configfs: kernel, connections: () => Promise.resolve([]) });
  await target.start({ iqn, portals: ['10.0.3.100'], initiators: [hostA, hostB, stranger] }, context);
});

const both = registered(
  { initiator: hostA, key: 1, sessionId: '00023d000001' },
  { initiator: hostB, key: 18446744073709, holds: 8 },
);

describe('the kernel’s file', () => {
  test('is read as it was written, and told back in the kernel’s own words', () => {
    const found = readRegistrations(both) ?? [];
    expect(found.map(toldToKernel)).toEqual([
      `initiator_fabric=iSCSI,initiator_node=${hostA},initiator_sid=00023d000001,sa_res_key=1,res_holder=0,res_all_tg_pt=0,mapped_lun=1,target_fabric=iSCSI,target_node=${iqn},tpgt=1,port_rtpi=1,target_lun=1`,
      // 08 would be an octal number to it.
      `initiator_fabric=iSCSI,initiator_node=${hostB},sa_res_key=18446744073709,res_holder=1,res_type=8,res_scope=0,res_all_tg_pt=0,mapped_lun=1,target_fabric=iSCSI,target_node=${iqn},tpgt=1,port_rtpi=1,target_lun=1`,
    ]);
    expect(readRegistrations('No Registrations or Reservations\n\0')).toEqual([]);
    expect(readRegistrations(registered())).toEqual([]);
    expect([both, registered()].map((text) => asWritten(readRegistrations(text) ?? []))).toEqual([
      both,
      registered(),
    ]);
  });

  test('cut off anywhere is torn, also between two hosts', () => {
    for (let length = 0; length < both.length; length += 1)
      expect(readRegistrations(both.slice(0, length)), `${length} bytes`).toBeUndefined();
  });

  test.each([
    ['zeros where blocks were not written', both.replace(/sa_res_key=1\n/, '\0'.repeat(13))],
    ['a block twice', `${both.slice(0, -1)}${both}`],
    ['another fabric', both.replaceAll('iSCSI', 'qla2xxx')],
    ['a word more', both.replace('tpgt=1', 'tpgt=1,res_holder=1')],
    ['only a zero', '\0'],
  ])('with %s is torn', (_, content) => {
    expect(readRegistrations(content)).toBeUndefined();
  });
});

describe('a LUN on the node that takes over', () => {
  test('has what hosts registered before any of them sees it, the holder first', async () => {
    writeFileSync(written(), both);
    expect(await agent().start(lun, context)).toMatchObject({ ok: true, value: { state: 'running' } });
    expect((await kernel.read(given))?.split('\n')).toEqual(
      (readRegistrations(both) ?? []).map(toldToKernel),
    );
    expect(await kernel.read(`${backstore}/attrib/force_pr_aptpl`)).toBe('1');
    const order = kernel.deeds.filter((deed) => /^(link|write .*metadata)/.test(deed));
    expect(order.map((deed) => /metadata|host-.|backstore$/.exec(deed)?.[0])).toEqual([
      'metadata',
      'metadata',
      'backstore',
      'host-b',
      'host-a',
    ]);
    expect(readlinkSync(join(places.kernelFolder, fileOf(serial)))).toBe(written());
  });

  test('killed anywhere and started again has each registration once', async () => {
    writeFileSync(written(), both);
    let kills = 0;
    for (let at = 0; ; at += 1) {
      kernel = new KernelTarget();
      kernel.devices.set('/dev/dm-1', '253:1');
      const target = createTargetAgent({ configfs: kernel, connections: () => Promise.resolve([]) });
      await target.start({ iqn, portals: ['10.0.3.100'], initiators: [hostA, hostB] }, context);
      kernel.killAt = kernel.changes + at;
      const ended = await agent()
        .start(lun, context)
        .catch((error: unknown) => error);
      kernel.killAt = Infinity;
      if (!(ended instanceof Killed)) break;
      kills += 1;
      expect(await agent().start(lun, context)).toMatchObject({ ok: true, value: { state: 'running' } });
      expect((await kernel.read(given))?.split('\n'), `killed at ${at}`).toHaveLength(2);
    }
    expect(kills).toBeGreaterThan(10);
  });

  test('that is served already is given nothing again', async () => {
    await agent().start(lun, context);
    writeFileSync(written(), both);
    const before = kernel.changes;
    await agent().start(lun, context);
    expect(kernel.changes).toBe(before);
  });

  test('leaves out hosts that do not see it any more, and other LUNs’ numbers', async () => {
    writeFileSync(
      written(),
      registered(
        { initiator: stranger, key: 7, holds: 1 },
        { initiator: hostA, key: 8 },
        { initiator: hostB, key: 9, number: 2 },
      ),
    );
    await agent().start(lun, context);
    expect(await kernel.read(given)).toMatch(/^[^\n]*sa_res_key=8,[^\n]*$/);
    expect(context.lines.join()).toContain('2 registrations');
  });

  test('with a torn file has those of the last good copy, says so, and the file is whole again', async () => {
    writeFileSync(written(), both.slice(0, 100));
    writeFileSync(copy(), both);
    expect(await agent().start(lun, context)).toMatchObject({ ok: true });
    expect((await kernel.read(given))?.split('\n')).toHaveLength(2);
    expect(context.lines.join()).toContain('last good copy');
    expect(readFileSync(written(), 'latin1')).toBe(both);
  });

  test.each([
    ['torn', () => writeFile(written(), '')],
    ['torn like its copy', () => Promise.all([written(), copy()].map((path) => writeFile(path, 'PR_REG')))],
    ['gone from a file system that was mended', () => writeVerdict(places, volumeGroup, lost([serial]))],
  ])('whose file is %s is not served', async (_, tear) => {
    await tear();
    expect(await agent().start(lun, context)).toMatchObject({
      ok: false,
      failure: { code: 'reservations_lost' },
    });
    expect(await kernel.folders('core/iblock_0')).toBeUndefined();
    // A person's word that nothing is reserved any more.
    writeFileSync(written(), 'No Registrations or Reservations\0');
    expect(await agent().start(lun, context)).toMatchObject({ ok: true, value: { state: 'running' } });
  });

  const lost = (serials: string[] | null) => ({ reason: 'e2fsck could not', lost: serials, again: 0 });

  test.each([
    ['nobody knows which LUNs need it', null, false],
    ['hosts have registered for it', [serial], false],
    ['hosts have registered for others only', ['cd'.repeat(16)], true],
    ['hosts have never registered', [], true],
  ])('where nothing could be mounted and %s', async (_, serials, isServed) => {
    places = emptyPlaces();
    await writeVerdict(places, volumeGroup, lost(serials));
    expect(await agent().start(lun, context)).toMatchObject(
      isServed
        ? { ok: true, value: { state: 'running' } }
        : { ok: false, failure: { code: 'reservations_unavailable', message: 'e2fsck could not' } },
    );
  });

  test('before anybody has looked for them is not served', async () => {
    places = emptyPlaces();
    expect(await agent().start(lun, context)).toMatchObject({
      ok: false,
      failure: { code: 'reservations_unavailable' },
    });
  });
});

describe('what hosts registered', () => {
  test('is there on the way back too: two failovers in a row', async () => {
    writeFileSync(written(), both);
    await agent().start(lun, context);
    await agent().stop(lun, context);
    expect(await kernel.folders(backstore)).toBeUndefined();
    await agent().start(lun, context);
    expect((await kernel.read(given))?.split('\n')).toHaveLength(2);
  });

  test('goes with the host that the LUN is hidden from, and does not come back with it', async () => {
    writeFileSync(written(), both);
    await agent().start(lun, context);
    const hidden = { ...lun, initiators: [hostA] };
    expect(await agent().reload?.(hidden, context)).toMatchObject({ ok: true });
    expect(readFileSync(written(), 'latin1')).toBe(
      registered({ initiator: hostA, key: 1, sessionId: '00023d000001' }),
    );
    expect(await agent().reload?.(lun, context)).toMatchObject({ ok: true });
    await agent().stop(lun, context);
    await agent().start(lun, context);
    expect(await kernel.read(given)).toMatch(/^[^\n]*sa_res_key=1,[^\n]*$/);
  });

  test('by a host while another one is taken out is not lost', async () => {
    writeFileSync(written(), both);
    await agent().start(lun, context);
    const reloading = agent().reload?.({ ...lun, initiators: [hostA] }, context);
    // The kernel had the file open already when it was replaced.
    const opened = openSync(written(), 'r+');
    await vi.waitFor(() => expect(readFileSync(written(), 'latin1')).not.toBe(both));
    const later = registered({ initiator: hostA, key: 99 }, { initiator: hostB, key: 2 });
    ftruncateSync(opened);
    writeSync(opened, later, 0, 'latin1');
    closeSync(opened);
    await reloading;
    expect(readFileSync(written(), 'latin1')).toBe(registered({ initiator: hostA, key: 99 }));
  });

  test('goes with its LUN, and is not that of a clone', async () => {
    writeFileSync(written(), both);
    writeFileSync(copy(), both);
    await agent().start(lun, context);
    await agent().stop(lun, context);
    expect(await agent().remove?.(lun, context)).toMatchObject({ ok: true });
    for (const path of [written(), copy(), join(places.kernelFolder, fileOf(serial))])
      expect(() => readlinkSync(path)).toThrow('ENOENT');
    expect(context.calls.at(-1)).toMatchObject({
      program: 'lvchange',
      args: expect.arrayContaining([
        '--deltag',
        `keelson_reserved_${serial}`,
        'keelson_tank/keelson_meta',
      ]) as unknown,
    });
    const clone = { ...lun, serial: 'ef'.repeat(16) };
    await agent().start(clone, context);
    expect(await kernel.read(given)).toBe('');
  });
});
