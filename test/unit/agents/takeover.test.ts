import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Configfs } from '../../../agents/configfs/configfs.ts';
import { createDeviceMapper } from '../../../agents/device-mapper/device-mapper.ts';
import { createDrbdAgent } from '../../../agents/drbd/agent.ts';
import { createLunAgent } from '../../../agents/lio-lun/agent.ts';
import { createTargetAgent } from '../../../agents/lio-target/agent.ts';
import { createLvmAgent } from '../../../agents/lvm/agent.ts';
import { createSpaceKeeper } from '../../../agents/lvm/space.ts';
import type { Observation, Parameters, Result } from '../../../src/model/index.ts';
import { contextWith } from './fake-context.ts';
import { KernelTarget } from './kernel-target.ts';
import { emptyPlaces, pretendMount } from './reservation-places.ts';

const iqn = 'iqn.2026-11.com.example:tank';
const host = 'iqn.2026-11.com.example:host';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keelson-takeover-'));
});
afterEach(() => rm(folder, { recursive: true }));

const device = async (minor: number, name: string): Promise<void> => {
  const place = join(folder, 'block', `dm-${minor}`);
  for (const inside of ['dm', 'queue', 'slaves/drbd0']) await mkdir(join(place, inside), { recursive: true });
  const files = { 'dm/name': name, 'dm/uuid': `LVM-${minor}`, 'dm/suspended': '0', dev: `253:${minor}` };
  for (const [file, text] of Object.entries({ ...files, size: '32768', 'queue/discard_max_bytes': '0' }))
    await writeFile(join(place, file), `${text}\n`);
};

/** Every call of the kernel's configuration, counted. */
function counted(kernel: KernelTarget): { readonly configfs: Configfs; readonly calls: () => number } {
  let calls = 0;
  const count =
    <Given extends unknown[], Answer>(call: (...given: Given) => Answer) =>
    (...given: Given): Answer => {
      calls += 1;
      return call(...given);
    };
  const configfs: Configfs = {
    makeFolder: count((path) => kernel.makeFolder(path)),
    removeFolder: count((path) => kernel.removeFolder(path)),
    folders: count((path) => kernel.folders(path)),
    links: count((path) => kernel.links(path)),
    makeLink: count((path, to) => kernel.makeLink(path, to)),
    removeLink: count((path) => kernel.removeLink(path)),
    read: count((path) => kernel.read(path)),
    write: count((path, value) => kernel.write(path, value)),
  };
  return { configfs, calls: () => calls };
}

/** All that a node does from the promotion to the last LUN, with this many LUNs: programs that ran, calls of configfs. */
async function takeOver(
  luns: number,
  thin?: true,
): Promise<{ readonly forks: readonly string[]; readonly calls: number }> {
  const kernel = new KernelTarget();
  const { configfs, calls } = counted(kernel);
  const proc = join(folder, 'drbd');
  const mirror = (role: string): Promise<void> =>
    writeFile(
      proc,
      `version: 8.4.11 (api:1/proto:86-101)\n 0: cs:WFConnection ro:${role}/Unknown ds:UpToDate/Outdated C r-----\n`,
    );
  await mirror('Secondary');
  await mkdir(join(folder, 'block'), { recursive: true });
  const context = contextWith();
  const run = context.run.bind(context);
  const forks: string[] = [];
  const places = emptyPlaces();
  const forking = {
    ...context,
    async run(program: string, args: readonly string[]) {
      forks.push([program, ...args.filter((word) => /^(primary|y|n)$/.test(word))].join(' '));
      if (program === 'drbdsetup') await mirror('Primary');
      if (program === 'mount') pretendMount(places, 'keelson_tank');
      if (program === 'vgchange') {
        await device(0, 'keelson_tank-keelson_meta');
        await device(2000, 'keelson_tank-keelson_reservations');
        const parts = thin === undefined ? [] : ['_tmeta', '_tdata', '-tpool'];
        for (const [index, part] of parts.entries())
          await device(1000 + index, `keelson_tank-keelson_thin${part}`);
        for (let number = 1; number <= luns; number += 1) {
          await device(number, `keelson_tank-lun${number}`);
          kernel.devices.set(`/dev/dm-${number}`, `253:${number}`);
        }
      }
      const ran = await run(program, args);
      return ran.ok ? { ...ran, value: { ...ran.value, exitCode: 0 } } : ran;
    },
  };
  const deviceMapper = createDeviceMapper(folder);
  const drbd = createDrbdAgent({
    resourceFolder: folder,
    kernelStatus: proc,
    devices: join(folder, 'block'),
  });
  const lvm = createLvmAgent({
    deviceMapper,
    spaceKeeper: createSpaceKeeper(folder),
    reservations: places,
  });
  const target = createTargetAgent({ configfs, connections: () => Promise.resolve([]) });
  const lun = createLunAgent({ configfs, deviceMapper, reservations: places });
  const well = (result: Result<Observation> | undefined): void => {
    expect(result).toMatchObject({ ok: true });
    if (result?.ok === true) expect(['running', 'promoted']).toContain(result.value.state);
  };
  const pool: Parameters = {
    pool: 'tank',
    minor: 0,
    port: 7789,
    sharedSecret: 'x'.repeat(32),
    fresh: false,
    patience: 1,
    disks: { 'san-a': '/dev/vdb', 'san-b': '/dev/vdb' },
    addresses: { 'san-a': '10.0.2.1', 'san-b': '10.0.2.2' },
  };
  well(await drbd.promote?.(pool, forking));
  well(await lvm.start({ volumeGroup: 'keelson_tank', device: '/dev/drbd0' }, forking));
  well(await target.start({ iqn, portals: ['10.0.3.100', '10.0.4.100'], initiators: [host] }, forking));
  const before = calls();
  await Promise.all(
    Array.from({ length: luns }, async (_, index) => {
      const number = index + 1;
      const serial = String(number).padStart(32, '0');
      const about = { iqn, lun: `lun${number}`, number, serial, size: 16777216, initiators: [host] };
      well(await lun.start({ ...about, volumeGroup: 'keelson_tank', ...(thin && { thin }) }, forking));
    }),
  );
  await rm(join(folder, 'block'), { recursive: true });
  return { forks, calls: calls() - before };
}

const ALL = ['drbdsetup primary', 'vgchange y', 'e2fsck', 'mount'];

test('a takeover forks four times, however many LUNs there are', async () => {
  for (const luns of [1, 20, 100]) expect((await takeOver(luns)).forks, `${luns} LUNs`).toEqual(ALL);
});

test('thin LUNs cost no fork more', async () => {
  expect((await takeOver(20, true)).forks).toEqual(ALL);
});

test('a LUN costs a bounded number of looks and writes, and none for its neighbours', async () => {
  const one = (await takeOver(1)).calls;
  const many = (await takeOver(50)).calls;
  expect(one).toBeLessThanOrEqual(MOST_CALLS);
  expect(many).toBe(50 * one);
});

/** Of one LUN for one host; what is more has to have a reason. */
const MOST_CALLS = 28;
