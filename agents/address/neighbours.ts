import { readIfThere } from '../kernel-files.ts';
import { pause } from '../pause.ts';
import { nativeSocket } from './native-socket.ts';
import { ipv4Bytes } from './netlink.ts';

/** linux/if_packet.h, linux/if_ether.h, RFC 826 */
const FAMILY_PACKET = 17;
const SOCKET_DATAGRAM = 2;
const ARP = 0x0806;
const IPV4 = 0x0800;
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
  const own = ipv4Bytes(address);
  return Buffer.concat([head, hardware, own, form === 'request' ? Buffer.alloc(6, 0xff) : hardware, own]);
}

function everybody(interfaceIndex: number): Buffer {
  const to = Buffer.alloc(20);
  to.writeUInt16LE(FAMILY_PACKET, 0);
  to.writeUInt16BE(ARP, 2);
  to.writeInt32LE(interfaceIndex, 4);
  to.writeUInt8(6, 11);
  to.fill(0xff, 12, 18);
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

const never = new AbortController().signal;

/**
 * Tells the neighbours whose address this is now, without a fork; resolves when the first pair is out, the others
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
  const to = everybody(hardware.index);
  const pair = async (): Promise<void> => {
    for (const form of ['request', 'reply'] as const)
      await socket.send(announcement(form, hardware.address, address), to);
  };
  const rest = async (): Promise<void> => {
    for (let round = 1; round < times; round += 1) {
      await pause(apart, never);
      // It may have moved on: then it is another node's to tell.
      if (!isHere()) return;
      await pair();
    }
  };
  try {
    await pair();
  } catch (error) {
    socket.close();
    throw error;
  }
  rest()
    .catch((error: unknown) => lost(String(error)))
    .finally(() => socket.close());
}
