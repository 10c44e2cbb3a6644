const bits = (address: string): number =>
  address.split('.').reduce((value, part) => value * 256 + Number(part), 0);

/** Whether two IPv4 addresses share their first `prefix` bits. */
export function isSameSubnet(one: string, other: string, prefix: number): boolean {
  const size = 2 ** (32 - prefix);
  return Math.floor(bits(one) / size) === Math.floor(bits(other) / size);
}
