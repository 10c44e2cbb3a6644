import { addressBytes } from '../../src/model/index.ts';

/** RFC 8200, RFC 4443, RFC 4861 */
const VERSION = 0x60;
const ICMPV6 = 58;
/** A neighbour's message that has passed a router is none. */
const HOP_LIMIT = 255;
const ADVERTISEMENT = 136;
/** Who knows the address by another card forgets that one. */
const OVERRIDE = 0x20;
const TARGET_LINK_LAYER = 2;
const ALL_NODES = 'ff02::1';

/** An unsolicited neighbour advertisement, to all (RFC 4861, 7.2.6), with its IPv6 header: whose the address is now. */
export function advertisement(hardware: Buffer, address: string): Buffer {
  const own = Buffer.from(addressBytes(address));
  const addresses = Buffer.concat([own, Buffer.from(addressBytes(ALL_NODES))]);
  const message = Buffer.concat([
    Buffer.from([ADVERTISEMENT, 0, 0, 0, OVERRIDE, 0, 0, 0]),
    own,
    Buffer.from([TARGET_LINK_LAYER, 1]),
    hardware,
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  const pseudo = Buffer.concat([addresses, length, Buffer.from([0, 0, 0, ICMPV6])]);
  message.writeUInt16BE(checksum(Buffer.concat([pseudo, message])), 2);
  const header = Buffer.from([VERSION, 0, 0, 0, 0, message.length, ICMPV6, HOP_LIMIT]);
  return Buffer.concat([header, addresses, message]);
}

/** RFC 1071, of an even number of bytes. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}
