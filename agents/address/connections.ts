import { addressBytes, isIpv6 } from '../../src/model/index.ts';
import { readIfThere } from '../kernel-files.ts';

/** iSCSI's port, and the kernel's word for an established connection (proc(5), /proc/net/tcp). */
const ISCSI = '0CBC';
const ESTABLISHED = '01';

/** Connections of hosts to the portal with this address; the kernel's own, those of LIO, are among those it lists. */
export async function connectionsTo(address: string): Promise<number> {
  const table = isIpv6(address) ? '/proc/net/tcp6' : '/proc/net/tcp';
  return countConnections((await readIfThere(table)) ?? '', address);
}

export function countConnections(table: string, address: string): number {
  const local = `${inHex(address)}:${ISCSI}`;
  return table.split('\n').filter((line) => {
    const [, here, , state] = line.trim().split(/\s+/);
    return here === local && state === ESTABLISHED;
  }).length;
}

/** As the kernel writes it on a machine of little-endian order: of each 32 bits the last byte first. */
function inHex(address: string): string {
  const bytes = Buffer.from(addressBytes(address));
  return bytes.swap32().toString('hex').toUpperCase();
}
