import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { bytes, type Bytes, type Looks } from '../../model/index.ts';
import { linesOf, read, type Place } from './place.ts';

/** os-release(5). */
export async function lookAtRelease(place: Place): Promise<Looks['release']> {
  const fields = new Map(
    linesOf(await read(place, '/etc/os-release')).map((line) => {
      const [name = '', ...value] = line.split('=');
      return [name, value.join('=').replace(/^(["'])(.*)\1$/, '$2')];
    }),
  );
  return {
    id: fields.get('ID') ?? '',
    version: fields.get('VERSION_ID') ?? '',
    name: fields.get('PRETTY_NAME') ?? '',
  };
}

export async function lookAtMachine(place: Place): Promise<Looks['machine']> {
  const kernel = (await read(place, '/proc/sys/kernel/osrelease')).trim();
  return {
    kernel,
    virtual: await detect(place, '--vm'),
    container: await detect(place, '--container'),
  };
}

/** systemd-detect-virt(1): prints `none` and ends with 1 where there is none. */
async function detect({ run }: Place, what: string): Promise<string> {
  const done = await run('systemd-detect-virt', [what]);
  if (!done.ok) throw new Error(done.failure.message);
  const word = done.value.stdout.trim();
  if (word === '') throw new Error(`systemd-detect-virt ${what}: ${done.value.stderr.trim()}`);
  return word;
}

/** proc_meminfo(5) and the kernel's own count of processes that it has ended. */
export async function lookAtMemory(place: Place): Promise<Looks['memory']> {
  const meminfo = await read(place, '/proc/meminfo');
  const statistics = await read(place, '/proc/vmstat');
  return {
    total: kibibytes(meminfo, 'MemTotal'),
    available: kibibytes(meminfo, 'MemAvailable'),
    killed: Number(/^oom_kill (\d+)$/m.exec(statistics)?.[1] ?? 0),
  };
}

function kibibytes(meminfo: string, name: string): Bytes {
  const [, value] = new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(meminfo) ?? [];
  if (value === undefined) throw new Error(`/proc/meminfo does not tell ${name}`);
  return bytes(Number(value) * 1024);
}

/** proc_swaps(5): the first line has the headings. */
export async function lookAtSwaps(place: Place): Promise<Looks['swaps']> {
  return linesOf(await read(place, '/proc/swaps'))
    .slice(1)
    .map((line) => line.split(/\s+/)[0] ?? '');
}

const FOLDERS = ['/', '/var/lib', '/var/log'];

export async function lookAtSpaces({ root }: Place): Promise<Looks['spaces']> {
  const all = await Promise.all(
    FOLDERS.map(async (folder) => {
      const { bavail, blocks, bsize } = await statfs(join(root, folder));
      return { folder, free: bytes(bavail * bsize), total: bytes(blocks * bsize) };
    }),
  );
  // What lies in the same file system is full together, and is told once.
  return all.filter(
    ({ free, total }, index) =>
      all.findIndex((other) => other.free === free && other.total === total) === index,
  );
}

const CLOCKS = '/sys/devices/system/clocksource/clocksource0/current_clocksource';

export async function lookAtClock(place: Place): Promise<Looks['clock']> {
  const source = (await read(place, CLOCKS)).trim();
  return { isSynchronised: place.isClockDisciplined(), source };
}
