import { z } from 'zod';
import { addressBytes, canonicalAddress, isIpv6, subnetOf } from '../../model/index.ts';

/** A single host's address: not "this network" (0/8), not multicast or above (224/3). */
const belongsToOneHost = (address: string): boolean => {
  const first = Number(address.split('.')[0]);
  return first > 0 && first < 224;
};

export const addressSchema = z
  .ipv4('must be an IPv4 address such as 10.0.1.11, not a host name')
  .refine(belongsToOneHost, 'must be the address of one host');

/**
 * Global (2000::/3) or unique local (fc00::/7): hosts elsewhere reach it, and it means the same everywhere. All others,
 * link-local, loopback, multicast and IPv4 within IPv6 among them, are not.
 */
function isGlobal(address: string): boolean {
  const [first = 0] = addressBytes(address);
  return (first & 0xe0) === 0x20 || (first & 0xfe) === 0xfc;
}

const ipv6Schema = z.ipv6().refine(isGlobal);

const isPortalAddress = (address: string): boolean =>
  (isIpv6(address) ? ipv6Schema : addressSchema).safeParse(address).success;

/** Of a portal; IPv6 in whichever form, and from then on in that of RFC 5952. */
export const portalAddressSchema = z
  .string()
  .refine(
    isPortalAddress,
    'must be an IPv4 address such as 10.0.3.100, or a global or unique local IPv6 address such as 2001:db8:5::10',
  )
  .overwrite((address) => (isPortalAddress(address) ? canonicalAddress(address) : address));

const ipv4Prefix = [8, 30] as const;
const ipv6Prefix = [32, 127] as const;
export const prefixRange = [ipv4Prefix[0], ipv6Prefix[1]] as const;

/** `undefined`: this is no address with a prefix length. */
function partsOf(portal: string): { readonly address: string; readonly prefix: number } | undefined {
  const [, address = '', digits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(portal) ?? [];
  return isPortalAddress(address)
    ? { address: canonicalAddress(address), prefix: Number(digits) }
    : undefined;
}

/** Whether it is a host of its own subnet, not all that stand there: that subnet tells which interface gets the portal. */
function isHostOfSubnet(portal: string): boolean {
  const parts = partsOf(portal);
  if (parts === undefined) return false;
  const { address, prefix } = parts;
  const [smallest, largest] = isIpv6(address) ? ipv6Prefix : ipv4Prefix;
  if (prefix < smallest || prefix > largest) return false;
  // Of two addresses both are hosts' (RFC 6164); otherwise the first one is every router's (RFC 4291, 2.6.1).
  const isFirst = subnetOf(address, prefix) === `${address}/${prefix}`;
  if (isIpv6(address)) return prefix === largest || !isFirst;
  return !isFirst && !isBroadcast(address, prefix);
}

const isBroadcast = (address: string, prefix: number): boolean => {
  const number = addressBytes(address).reduce((sum, byte) => sum * 256 + byte, 0);
  return (number + 1) % 2 ** (32 - prefix) === 0;
};

export const portalSchema = z
  .string()
  .refine(
    isHostOfSubnet,
    `must be an IPv4 address with a prefix length of ${ipv4Prefix.join(' to ')}, such as 10.0.3.100/24, or a global or unique local IPv6 address with one of ${ipv6Prefix.join(' to ')}, such as 2001:db8:5::10/64; and not the subnet's own or its broadcast address`,
  )
  .overwrite((portal) => {
    const parts = partsOf(portal);
    return parts === undefined ? portal : `${parts.address}/${parts.prefix}`;
  });
