import { constants } from 'node:os';
import { readFile } from 'node:fs/promises';
import type { KoffiFunc } from 'koffi';
import { addressBytes } from '../model/index.ts';
import { koffi } from './foreign.ts';

/** linux/socket.h, linux/in6.h, linux/icmpv6.h */
const FAMILY_INET6 = 10;
const RAW = 3;
const CLOSE_ON_EXEC = 0o2000000;
const ICMPV6 = 58;
const IPV6 = 41;
const SOCKET = 1;
const options = {
  hops: [IPV6, 18],
  loop: [IPV6, 19],
  patience: [SOCKET, 20],
  card: [SOCKET, 25],
  filter: [ICMPV6, 1],
} as const;

/** RFC 4861 */
const SOLICITATION = 135;
const ADVERTISEMENT = 136;
const TARGET = 8;
const OPTIONS = 24;
const SOURCE_LINK_LAYER = 1;
const TARGET_LINK_LAYER = 2;
const HOP_LIMIT = 255;

/** Questions, and seconds that more answers to each are waited for. */
const ASKED = 3;
const PATIENCE = 1;
/** Of other conversations in the network, as many as are heard before the next question. */
const MOST_HEARD = 100;

type Call = (...given: readonly unknown[]) => number | bigint;

interface Library {
  readonly socket: KoffiFunc<Call>;
  readonly setsockopt: KoffiFunc<Call>;
  readonly sendto: KoffiFunc<Call>;
  readonly recv: KoffiFunc<Call>;
  readonly close: KoffiFunc<Call>;
}

let library: Library | undefined;

function libc(): Library {
  if (library !== undefined) return library;
  const loaded = koffi.load('libc.so.6');
  library = {
    socket: loaded.func('int socket(int, int, int)'),
    setsockopt: loaded.func('int setsockopt(int, int, int, const void *, uint32_t)'),
    sendto: loaded.func('long sendto(int, const void *, size_t, int, const void *, uint32_t)'),
    recv: loaded.func('long recv(int, void *, size_t, int)'),
    close: loaded.func('int close(int)'),
  };
  return library;
}

const int = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32LE(value);
  return buffer;
};

/** A socket that asks neighbours on one card, and hears nothing but their advertisements. Throws what the kernel refuses. */
function openSocket(card: string): number {
  const { socket, setsockopt, close } = libc();
  const handle = Number(socket(FAMILY_INET6, RAW | CLOSE_ON_EXEC, ICMPV6));
  if (handle < 0) throw new Error(`socket: ${errorName()}`);
  const patience = Buffer.alloc(16);
  patience.writeBigInt64LE(BigInt(PATIENCE));
  // A bit for each kind of message: those that are set are not heard.
  const filter = Buffer.alloc(32, 0xff);
  filter.writeUInt8(0xff & ~(1 << (ADVERTISEMENT % 8)), Math.floor(ADVERTISEMENT / 8));
  const wanted = { hops: int(HOP_LIMIT), loop: int(0), patience, card: Buffer.from(`${card}\0`), filter };
  for (const name of Object.keys(options) as (keyof typeof options)[]) {
    const [level, option] = options[name];
    if (Number(setsockopt(handle, level, option, wanted[name], wanted[name].length)) === 0) continue;
    const why = errorName();
    close(handle);
    throw new Error(`socket option ${name}: ${why}`);
  }
  return handle;
}

function errorName(): string {
  const number = koffi.errno();
  return Object.entries(constants.errno).find(([, value]) => value === number)?.[0] ?? `error ${number}`;
}

/** Where those listen that may have the address (RFC 4291, 2.7.1): `struct sockaddr_in6`. */
function askedAt(address: Buffer, index: number): Buffer {
  const to = Buffer.alloc(28);
  to.writeUInt16LE(FAMILY_INET6, 0);
  Buffer.from(addressBytes('ff02::1:ff00:0')).copy(to, 8);
  address.copy(to, 21, 13);
  to.writeUInt32LE(index, 24);
  return to;
}

const question = (address: Buffer, hardware: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from([SOLICITATION, 0, 0, 0, 0, 0, 0, 0]),
    address,
    Buffer.from([SOURCE_LINK_LAYER, 1]),
    hardware,
  ]);

/** The card that a neighbour's advertisement says the address is at, in lower case; undefined: it is about another address. */
export function ownerIn(message: Buffer, address: Buffer): string | undefined {
  if (message[0] !== ADVERTISEMENT || !message.subarray(TARGET, OPTIONS).equals(address)) return undefined;
  let at = OPTIONS;
  while (at + 8 <= message.length) {
    // In units of 8 bytes; 0 is none.
    const length = 8 * (message[at + 1] ?? 0);
    if (message[at] === TARGET_LINK_LAYER)
      return message
        .subarray(at + 2, at + 8)
        .toString('hex')
        .replaceAll(/..(?=.)/g, '$&:');
    if (length === 0) break;
    at += length;
  }
  return undefined;
}

/**
 * The cards in the network of this one that answer to an IPv6 address, beside this machine; asked from the machine's own
 * address there, so that nobody learns a wrong owner by the question. Takes three seconds. Throws where it cannot be asked.
 */
export async function askNeighbours(card: string, address: string): Promise<readonly string[]> {
  const about = async (name: string): Promise<string> =>
    (await readFile(`/sys/class/net/${card}/${name}`, 'utf8')).trim();
  const [index, mac] = await Promise.all([about('ifindex'), about('address')]);
  const hardware = Buffer.from(mac.replaceAll(':', ''), 'hex');
  if (hardware.length !== 6) throw new Error(`${card} is no Ethernet`);
  const bytes = Buffer.from(addressBytes(address));
  const to = askedAt(bytes, Number(index));
  const asked = question(bytes, hardware);
  const handle = openSocket(card);
  const found = new Set<string>();
  try {
    for (let round = 0; round < ASKED; round += 1) {
      if (Number(libc().sendto(handle, asked, asked.length, 0, to, to.length)) < 0)
        throw new Error(`${card}: ${errorName()}`);
      for (let heard = 0; heard < MOST_HEARD; heard += 1) {
        const message = await receive(handle);
        if (message === undefined) break;
        const owner = ownerIn(message, bytes);
        if (owner !== undefined) found.add(owner);
      }
    }
  } finally {
    libc().close(handle);
  }
  found.delete(mac);
  return [...found].sort();
}

/** The next message, waited for beside the event loop; undefined: none came in time. */
const receive = (handle: number): Promise<Buffer | undefined> =>
  new Promise((resolve, reject) => {
    const buffer = Buffer.alloc(2048);
    libc().recv.async(handle, buffer, buffer.length, 0, (error: Error | null, length: number | bigint) => {
      if (error !== null) reject(error);
      else resolve(Number(length) < 0 ? undefined : buffer.subarray(0, Number(length)));
    });
  });
