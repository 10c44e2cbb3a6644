import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { milliseconds } from '../../../src/model/index.ts';
import { koffi } from '../../../src/platform/foreign.ts';
import { startWatchdog } from '../../../src/platform/systemd/watchdog.ts';
import { recordingLog } from './fixtures/log.ts';

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const MSG_DONTWAIT = 0x40;

const log = recordingLog();
const libc = koffi.load('libc.so.6');
const socket = libc.func('socket', 'int', ['int', 'int', 'int']) as (...numbers: number[]) => number;
const bind = libc.func('bind', 'int', ['int', 'void *', 'uint32_t']) as (
  descriptor: number,
  address: Uint8Array,
  length: number,
) => number;
const recv = libc.func('recv', 'int64_t', ['int', 'void *', 'size_t', 'int']) as (
  descriptor: number,
  buffer: Uint8Array,
  length: number,
  flags: number,
) => number | bigint;
const close = libc.func('close', 'int', ['int']) as (descriptor: number) => number;

let folder: string;
let manager: number;

/** The service manager's end of the socket. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keelson-watchdog-'));
  const path = join(folder, 'notify');
  const address = Buffer.alloc(110);
  address.writeUInt16LE(AF_UNIX, 0);
  address.write(path, 2);
  manager = socket(AF_UNIX, SOCK_DGRAM, 0);
  expect(bind(manager, address, address.length)).toBe(0);
  process.env['NOTIFY_SOCKET'] = path;
});

afterEach(async () => {
  delete process.env['NOTIFY_SOCKET'];
  close(manager);
  await rm(folder, { recursive: true });
});

const heard = (): string | undefined => {
  const buffer = Buffer.alloc(100);
  const length = Number(recv(manager, buffer, buffer.length, MSG_DONTWAIT));
  return length < 0 ? undefined : buffer.toString('utf8', 0, length);
};

/** Fires by hand. */
const appointments: (readonly [number, () => void])[] = [];
const clock = {
  now: () => milliseconds(0),
  monotonic: () => milliseconds(0),
  after(delay: number, fired: () => void) {
    appointments.push([delay, fired]);
    return { cancel: () => undefined };
  },
};

test('systemd hears that it is up, a sign of life at once, and again in a quarter of the time that it waits', () => {
  expect(startWatchdog({ ...process.env, WATCHDOG_USEC: '15000000' }, clock, log)).toBe(true);
  expect(heard()).toBe('READY=1');
  expect(heard()).toBe('WATCHDOG=1');
  expect(heard()).toBeUndefined();
  const [delay, fired] = appointments.shift() ?? [];
  expect(delay).toBe(3750);
  fired?.();
  expect(heard()).toBe('WATCHDOG=1');
});

test('without systemd nothing is told, and where it waits for another process only that it is up', () => {
  expect(startWatchdog({}, clock, log)).toBe(false);
  const others = { ...process.env, WATCHDOG_USEC: '8000000', WATCHDOG_PID: '1' };
  expect(startWatchdog(others, clock, log)).toBe(false);
  expect(heard()).toBe('READY=1');
  expect(heard()).toBeUndefined();
});
