import { readIfThere } from '../kernel-files.ts';

/** iSCSI's port, and the kernel's word for an established connection (proc(5), /proc/net/tcp). */
const ISCSI = '0CBC';
const ESTABLISHED = '01';

/** Connections of hosts to the portal with this IPv4 address; the kernel's own, those of LIO, are among those it lists. */
export async function connectionsTo(address: string): Promise<number> {
  return countConnections((await readIfThere('/proc/net/tcp')) ?? '', address);
}

export function countConnections(table: string, address: string): number {
  const local = `${inHex(address)}:${ISCSI}`;
  return table.split('\n').filter((line) => {
    const [, here, , state] = line.trim().split(/\s+/);
    return here === local && state === ESTABLISHED;
  }).length;
}

/** As the kernel writes it on a machine of little-endian order: the last byte first. */
const inHex = (address: string): string =>
  address
    .split('.')
    .toReversed()
    .map((part) => Number(part).toString(16).padStart(2, '0').toUpperCase())
    .join('');
