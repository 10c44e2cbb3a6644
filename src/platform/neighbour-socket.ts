import { constants } from 'node:os';
import type { KoffiFunc } from 'koffi';
import { koffi } from './foreign.ts';

/** linux/socket.h, linux/in6.h, linux/icmpv6.h */
export const FAMILY_INET6 = 10;
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

/** RFC 4861: a message with a smaller one has passed a router, and is none of a neighbour's. */
const HOP_LIMIT = 255;
const LONGEST = 2048;

export interface NeighbourSocket {
  /** `to`: a `struct sockaddr_in6`. Throws what the kernel refuses. */
  send(message: Buffer, to: Buffer): void;
  /** The next message, waited for beside the event loop; undefined: none came in time. */
  receive(): Promise<Buffer | undefined>;
  close(): void;
}

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

/**
 * A socket that asks neighbours on one card, and hears nothing but messages of one kind (ICMPv6's type), each waited for
 * so many seconds. Throws what the kernel refuses.
 */
export function openNeighbourSocket(card: string, kind: number, seconds: number): NeighbourSocket {
  const { socket, setsockopt, sendto, recv, close } = libc();
  const handle = Number(socket(FAMILY_INET6, RAW | CLOSE_ON_EXEC, ICMPV6));
  if (handle < 0) throw new Error(`socket: ${errorName()}`);
  const patience = Buffer.alloc(16);
  patience.writeBigInt64LE(BigInt(seconds));
  // A bit for each kind of message: those that are set are not heard.
  const filter = Buffer.alloc(32, 0xff);
  filter.writeUInt8(0xff & ~(1 << (kind % 8)), Math.floor(kind / 8));
  const wanted = { hops: int(HOP_LIMIT), loop: int(0), patience, card: Buffer.from(`${card}\0`), filter };
  for (const name of Object.keys(options) as (keyof typeof options)[]) {
    const [level, option] = options[name];
    if (Number(setsockopt(handle, level, option, wanted[name], wanted[name].length)) === 0) continue;
    const why = errorName();
    close(handle);
    throw new Error(`socket option ${name}: ${why}`);
  }
  return {
    send(message, to) {
      if (Number(sendto(handle, message, message.length, 0, to, to.length)) < 0)
        throw new Error(`${card}: ${errorName()}`);
    },
    receive: () =>
      new Promise((resolve, reject) => {
        const buffer = Buffer.alloc(LONGEST);
        recv.async(handle, buffer, LONGEST, 0, (error: Error | null, length: number | bigint) => {
          if (error !== null) reject(error);
          else resolve(Number(length) < 0 ? undefined : buffer.subarray(0, Number(length)));
        });
      }),
    close: () => {
      close(handle);
    },
  };
}

function errorName(): string {
  const number = koffi.errno();
  return Object.entries(constants.errno).find(([, value]) => value === number)?.[0] ?? `error ${number}`;
}
