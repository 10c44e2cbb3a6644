import { readIfThere } from '../kernel-files.ts';

/** A TCP connection to port 3260 that is established. */
export interface Connection {
  readonly address: string;
  readonly portal: string;
}

export type Connections = () => Promise<readonly Connection[]>;

const PORT = (3260).toString(16).toUpperCase().padStart(4, '0');
const ESTABLISHED = '01';

/** The kernel's own connections are listed like those of programs (proc(5)). */
export const createConnections =
  (folder = '/proc/net'): Connections =>
  async () => {
    const texts = await Promise.all(['tcp', 'tcp6'].map((name) => readIfThere(`${folder}/${name}`)));
    return texts.flatMap((listing) => parseConnections(listing ?? ''));
  };

export function parseConnections(listing: string): readonly Connection[] {
  return listing.split('\n').flatMap((line) => {
    const [, local = '', remote = '', state] = line.trim().split(/\s+/);
    const [portal = '', port] = local.split(':');
    if (port !== PORT || state !== ESTABLISHED) return [];
    return [{ address: addressOf(remote.split(':')[0] ?? ''), portal: addressOf(portal) }];
  });
}

/** Words of 32 bits, each in the order of bytes of the machine: the little end first. */
function addressOf(hexadecimal: string): string {
  const bytes = (hexadecimal.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).map((byte) => parseInt(byte, 16)).toReversed(),
  );
  if (bytes.length === 4) return bytes.join('.');
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (isMapped) return bytes.slice(12).join('.');
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0)).toString(16),
  );
  // As the kernel and everybody writes it (RFC 5952).
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
