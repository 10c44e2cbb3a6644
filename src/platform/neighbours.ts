import { readFile } from 'node:fs/promises';
import { addressBytes } from '../model/index.ts';
import { FAMILY_INET6, openNeighbourSocket } from './neighbour-socket.ts';

/** RFC 4861 */
const SOLICITATION = 135;
const ADVERTISEMENT = 136;
const TARGET = 8;
const OPTIONS = 24;
const SOURCE_LINK_LAYER = 1;
const TARGET_LINK_LAYER = 2;

/** Questions, and seconds that more answers to each are waited for. */
const ASKED = 3;
const PATIENCE = 1;
/** Of other conversations in the network, as many as are heard before the next question. */
const MOST_HEARD = 100;

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

/** The card, in lower case, at which an advertisement says the address is; undefined: it says that of no card. */
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
 * The cards in the network of this one that answer to an IPv6 address, beside this machine; asked from the machine's
 * own address there, so that nobody learns a wrong owner by the question. Takes three seconds. Throws where it cannot
 * be asked.
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
  const socket = openNeighbourSocket(card, ADVERTISEMENT, PATIENCE);
  const found = new Set<string>();
  try {
    for (let round = 0; round < ASKED; round += 1) {
      socket.send(asked, to);
      for (let heard = 0; heard < MOST_HEARD; heard += 1) {
        const message = await socket.receive();
        if (message === undefined) break;
        const owner = ownerIn(message, bytes);
        if (owner !== undefined) found.add(owner);
      }
    }
  } finally {
    socket.close();
  }
  found.delete(mac);
  return [...found].sort();
}
