/** The number that an IPv4 address is. */
export const addressNumber = (address: string): number =>
  address.split('.').reduce((number, part) => number * 256 + Number(part), 0);

const addressText = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');

const sizeOf = (prefix: number): number => 2 ** (32 - prefix);

const firstOf = (address: string, prefix: number): number =>
  Math.floor(addressNumber(address) / sizeOf(prefix)) * sizeOf(prefix);

/** `10.77.1.0/24`, of any address in it. */
export const subnetOf = (address: string, prefix: number): string =>
  `${addressText(firstOf(address, prefix))}/${prefix}`;

/** The address that is so many after the subnet's own; undefined where it is not one of a host in it. */
export function hostOf(subnet: string, offset: number): string | undefined {
  const [address = '', prefix = '32'] = subnet.split('/');
  if (offset < 1 || offset >= sizeOf(Number(prefix)) - 1) return undefined;
  return addressText(firstOf(address, Number(prefix)) + offset);
}
