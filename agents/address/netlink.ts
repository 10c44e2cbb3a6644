import { constants } from 'node:os';
import { addressBytes, isIpv6 } from '../../src/model/index.ts';
import type { InterfaceAddress } from './interfaces.ts';
import { nativeSocket } from './native-socket.ts';

/** linux/netlink.h, linux/rtnetlink.h, linux/if_addr.h */
const FAMILY_NETLINK = 16;
const SOCKET_RAW = 3;
const ROUTE = 0;
const NEW_ADDRESS = 20;
const DELETE_ADDRESS = 21;
const ERROR = 2;
const REQUEST = 0x1;
const ACKNOWLEDGE = 0x4;
const REPLACE = 0x100;
const CREATE = 0x400;
const FAMILY_INET = 2;
const FAMILY_INET6 = 10;
const ADDRESS = 1;
const LOCAL = 2;
const CACHE_INFO = 6;
const FLAGS = 8;
const NO_DUPLICATE_DETECTION = 0x02;
const NO_PREFIX_ROUTE = 0x200;
const FOREVER = 0xffffffff;
const HEADER = 16;

function attribute(type: number, content: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(4 + content.length, 0);
  head.writeUInt16LE(type, 2);
  return Buffer.concat([head, content]);
}

const words = (...numbers: readonly number[]): Buffer => {
  const buffer = Buffer.alloc(4 * numbers.length);
  numbers.forEach((number, index) => buffer.writeUInt32LE(number, 4 * index));
  return buffer;
};

/**
 * How an IPv6 address that moves is added. At once: nobody waits a second for duplicate address detection, since the
 * other node has given it up, or has no power. Deprecated from the start, so that nothing that begins here goes out
 * from it: it would end with the next failover. And without a route of its own: the node's fixed address has it.
 */
const moving = (): readonly Buffer[] => [
  attribute(CACHE_INFO, words(0, FOREVER, 0, 0)),
  attribute(FLAGS, words(NO_DUPLICATE_DETECTION | NO_PREFIX_ROUTE)),
];

/** The same in the words of ip(8). */
export const movingWords = (address: string): readonly string[] =>
  isIpv6(address) ? ['nodad', 'noprefixroute', 'valid_lft', 'forever', 'preferred_lft', '0'] : [];

/** One message that has the kernel add or delete an address, as `ip address` sends it. */
export function addressMessage(
  verb: 'add' | 'delete',
  { address, prefix }: Pick<InterfaceAddress, 'address' | 'prefix'>,
  interfaceIndex: number,
): Buffer {
  const own = Buffer.from(addressBytes(address));
  const about = Buffer.alloc(8);
  about.writeUInt8(isIpv6(address) ? FAMILY_INET6 : FAMILY_INET, 0);
  about.writeUInt8(prefix, 1);
  about.writeUInt32LE(interfaceIndex, 4);
  const manner = verb === 'add' && isIpv6(address) ? moving() : [];
  const body = Buffer.concat([about, attribute(LOCAL, own), attribute(ADDRESS, own), ...manner]);
  const header = Buffer.alloc(HEADER);
  header.writeUInt32LE(HEADER + body.length, 0);
  header.writeUInt16LE(verb === 'add' ? NEW_ADDRESS : DELETE_ADDRESS, 4);
  header.writeUInt16LE(REQUEST | ACKNOWLEDGE | (verb === 'add' ? CREATE | REPLACE : 0), 6);
  header.writeUInt32LE(1, 8);
  return Buffer.concat([header, body]);
}

/** The kernel's error number in its answer, 0 where it has done what was asked; undefined: this is no answer. */
export function answerOf(message: Buffer): number | undefined {
  return message.length >= HEADER + 4 && message.readUInt16LE(4) === ERROR
    ? 0 - message.readInt32LE(HEADER)
    : undefined;
}

/** What the kernel says where it is so already. */
const settled = { add: constants.errno.EEXIST, delete: constants.errno.EADDRNOTAVAIL } as const;

/** Adds or deletes an address without a fork. Throws what the kernel refuses; what is so already is no error. */
export async function changeAddress(
  verb: 'add' | 'delete',
  address: InterfaceAddress,
  interfaceIndex: number,
): Promise<void> {
  const socket = await nativeSocket(FAMILY_NETLINK, SOCKET_RAW, ROUTE);
  try {
    // To the kernel: family, and zeros.
    const kernel = Buffer.alloc(12);
    kernel.writeUInt16LE(FAMILY_NETLINK, 0);
    await socket.send(addressMessage(verb, address, interfaceIndex), kernel);
    const error = answerOf(await socket.receive());
    if (error === 0 || error === settled[verb]) return;
    const name = Object.entries(constants.errno).find(([, number]) => number === error)?.[0];
    throw new Error(`the kernel refuses: ${name ?? 'an answer that is not understood'}`);
  } finally {
    socket.close();
  }
}
