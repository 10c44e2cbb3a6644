import { addressText } from '../../src/model/index.ts';
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
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  return addressText(isMapped ? bytes.slice(12) : bytes);
}
