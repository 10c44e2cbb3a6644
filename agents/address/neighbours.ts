import { addressBytes, isIpv6 } from '../../src/model/index.ts';
import { readIfThere } from '../kernel-files.ts';
import { pause } from '../pause.ts';
import { advertisement } from './advertisement.ts';
import { nativeSocket } from './native-socket.ts';

/** linux/if_packet.h, linux/if_ether.h, RFC 826, RFC 2464 */
const FAMILY_PACKET = 17;
const SOCKET_DATAGRAM = 2;
const ARP = 0x0806;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const ETHERNET = 1;

type Form = 'request' | 'reply';

/** Says whose an address is, to all: what `arping -U` and `arping -A` send. */
export function announcement(form: Form, hardware: Buffer, address: string): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(ETHERNET, 0);
  head.writeUInt16BE(IPV4, 2);
  head.writeUInt8(6, 4);
  head.writeUInt8(4, 5);
  head.writeUInt16BE(form === 'request' ? 1 : 2, 6);
  const own = Buffer.from(addressBytes(address));
  return Buffer.concat([head, hardware, own, form === 'request' ? Buffer.alloc(6, 0xff) : hardware, own]);
}

const BROADCAST = Buffer.alloc(6, 0xff);
/** Where ff02::1 goes on Ethernet: switches pass it to every port. */
const ALL_NODES = Buffer.from([0x33, 0x33, 0, 0, 0, 1]);

function everybody(address: string, interfaceIndex: number): Buffer {
  const to = Buffer.alloc(20);
  to.writeUInt16LE(FAMILY_PACKET, 0);
  to.writeUInt16BE(isIpv6(address) ? IPV6 : ARP, 2);
  to.writeInt32LE(interfaceIndex, 4);
  to.writeUInt8(6, 11);
  (isIpv6(address) ? ALL_NODES : BROADCAST).copy(to, 12);
  return to;
}

/** Undefined: it is no Ethernet, or is gone. */
export async function hardwareOf(
  interfaceName: string,
  sysfs = '/sys/class/net',
): Promise<{ readonly index: number; readonly address: Buffer } | undefined> {
  const [type, index, text] = await Promise.all(
    ['type', 'ifindex', 'address'].map((name) => readIfThere(`${sysfs}/${interfaceName}/${name}`)),
  );
  const address = Buffer.from((text ?? '').replaceAll(':', ''), 'hex');
  return type === String(ETHERNET) && address.length === 6 && Number(index) > 0
    ? { index: Number(index), address }
    : undefined;
}

export interface Rounds {
  readonly times: number;
  /** Milliseconds. */
  readonly apart: number;
  /** Whether the address is still on this node. */
  readonly isHere: () => boolean;
}

/** What is sent in one round. */
const roundOf = (hardware: Buffer, address: string): readonly Buffer[] =>
  isIpv6(address)
    ? [advertisement(hardware, address)]
    : [announcement('request', hardware, address), announcement('reply', hardware, address)];

const never = new AbortController().signal;

/**
 * Tells the neighbours whose address this is now, without a fork; resolves when the first round is out, the others
 * follow. Throws where that cannot be sent.
 */
export async function tellNeighbours(
  interfaceName: string,
  address: string,
  { times, apart, isHere }: Rounds,
  lost: (why: string) => void,
): Promise<void> {
  const hardware = await hardwareOf(interfaceName);
  if (hardware === undefined) throw new Error(`${interfaceName} is no Ethernet`);
  const socket = await nativeSocket(FAMILY_PACKET, SOCKET_DATAGRAM, 0);
  const to = everybody(address, hardware.index);
  const tell = async (): Promise<void> => {
    for (const packet of roundOf(hardware.address, address)) await socket.send(packet, to);
  };
  const rest = async (): Promise<void> => {
    for (let round = 1; round < times; round += 1) {
      await pause(apart, never);
      // It may have moved on: then it is another node's to tell.
      if (!isHere()) return;
      await tell();
    }
  };
  try {
    await tell();
  } catch (error) {
    socket.close();
    throw error;
  }
  rest()
    .catch((error: unknown) => lost(String(error)))
    .finally(() => socket.close());
}
