import { addressText } from '../../src/model/index.ts';
import { readIfThere } from '../kernel-files.ts';
import type { InterfaceAddress } from './interfaces.ts';

/** linux/if_addr.h: another machine has answered that it is its own; whether one does, is not known yet. */
const DUPLICATE = 0x08;
const TENTATIVE = 0x40;

/** All that the kernel has: those on interfaces without a link too; on one that is switched off there are none. */
export async function readIpv6Addresses(): Promise<readonly InterfaceAddress[]> {
  return parseIpv6Addresses((await readIfThere('/proc/net/if_inet6')) ?? '');
}

/** Address, index, prefix length, scope and flags in hexadecimal, and the interface (proc(5)). */
export function parseIpv6Addresses(listing: string): readonly InterfaceAddress[] {
  return listing.split('\n').flatMap((line) => {
    const [address = '', , prefix = '', , flags = '', interfaceName] = line.trim().split(/\s+/);
    if (interfaceName === undefined) return [];
    const found = {
      interfaceName,
      address: addressText([...Buffer.from(address, 'hex')]),
      prefix: parseInt(prefix, 16),
    };
    const refused = (parseInt(flags, 16) & (DUPLICATE | TENTATIVE)) !== 0;
    return [refused ? { ...found, refused } : found];
  });
}
