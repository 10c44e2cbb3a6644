import { addressBytes, addressText } from './address.ts';

/** The number that an IPv4 address is. */
const addressNumber = (address: string): number =>
  addressBytes(address).reduce((number, byte) => number * 256 + byte, 0);

const ipv4Text = (number: number): string =>
  addressText([24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256));

/** Of a byte of which so many bits belong to the subnet. */
const maskOf = (bits: number): number => 0xff & ~(0xff >> Math.min(8, Math.max(0, bits)));

/** `10.77.1.0/24` or `2001:db8:5::/64`, of any address in it. */
export const subnetOf = (address: string, prefix: number): string =>
  `${addressText(addressBytes(address).map((byte, index) => byte & maskOf(prefix - 8 * index)))}/${prefix}`;

/** Whether two addresses share their first `prefix` bits; those of two families share nothing. */
export const isSameSubnet = (one: string, other: string, prefix: number): boolean =>
  subnetOf(one, prefix) === subnetOf(other, prefix);

/** The IPv4 address that is so many after the subnet's own; undefined where it is not one of a host in it. */
export function hostOf(subnet: string, offset: number): string | undefined {
  const [address = '', prefix = '32'] = subnet.split('/');
  if (offset < 1 || offset >= 2 ** (32 - Number(prefix)) - 1) return undefined;
  return ipv4Text(addressNumber(subnetOf(address, Number(prefix)).split('/')[0] ?? '') + offset);
}
