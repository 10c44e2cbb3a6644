/** Addresses as text and as bytes; what is given is an address already (the API and the agents check it). */

export const isIpv6 = (address: string): boolean => address.includes(':');

/** Four, or sixteen. */
export function addressBytes(address: string): readonly number[] {
  if (!isIpv6(address)) return address.split('.').map(Number);
  const [head = '', tail] = address.split('::');
  const [left, right] = [bytesOf(head), bytesOf(tail ?? '')];
  const missing = Math.max(0, 16 - left.length - right.length);
  return [...left, ...Array.from({ length: missing }, () => 0), ...right];
}

/** Of groups between colons; the last may be written as an IPv4 address. */
const bytesOf = (groups: string): readonly number[] =>
  groups === ''
    ? []
    : groups.split(':').flatMap((group) => {
        if (group.includes('.')) return group.split('.').map(Number);
        const number = parseInt(group, 16);
        return [number >> 8, number & 0xff];
      });

/** The one form in which an address is kept and shown (RFC 5952): who compares texts compares addresses. */
export function addressText(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16),
  );
  const { at, length } = longestZeros(groups);
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, at).join(':')}::${groups.slice(at + length).join(':')}`;
}

/** The first of the longest runs. */
function longestZeros(groups: readonly string[]): { readonly at: number; readonly length: number } {
  const runs = groups.map((_, at) => {
    const end = groups.findIndex((group, index) => index >= at && group !== '0');
    return { at, length: (end < 0 ? groups.length : end) - at };
  });
  return runs.reduce((best, run) => (run.length > best.length ? run : best));
}

export const canonicalAddress = (address: string): string => addressText(addressBytes(address));

const ISCSI_PORT = 3260;

/** `10.0.3.100:3260`, `[2001:db8:5::10]:3260`: as people, hosts and the kernel's target write a portal. */
export const portalText = (address: string): string =>
  `${isIpv6(address) ? `[${address}]` : address}:${ISCSI_PORT}`;
