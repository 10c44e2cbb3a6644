import { isIpv6, type Looks } from '../../model/index.ts';
import { output, type Place } from './place.ts';

/** Who answers for these addresses, beside this machine. */
export async function lookForOwners(place: Place, addresses: readonly string[]): Promise<Looks['owners']> {
  const found = await Promise.all(
    addresses.map(async (address) => ({ address, macs: await ownersOf(place, address) })),
  );
  return found.flatMap(({ address, macs }) => (macs === undefined ? [] : [{ address, macs }]));
}

interface Shown {
  readonly ifname?: string;
  readonly addr_info?: readonly { readonly local?: string }[];
}

/** Undefined where no card is in its subnet: nobody there can be asked. */
async function ownersOf(place: Place, address: string): Promise<readonly string[] | undefined> {
  const asked = await place.run('ip', ['-json', 'route', 'get', address]);
  if (!asked.ok) throw new Error(asked.failure.message);
  // No way leads there at all.
  if (asked.value.exitCode !== 0) return undefined;
  const [route] = JSON.parse(asked.value.stdout) as readonly {
    readonly dev?: string;
    readonly gateway?: string;
  }[];
  if (route?.dev === undefined || route.gateway !== undefined) return undefined;
  // To an address of its own the way leads over the loopback; the card is then the one that has it.
  const own = route.dev === 'lo' ? await cardWith(place, address) : undefined;
  if (route.dev === 'lo' && own === undefined) return undefined;
  return ask(place, own ?? route.dev, address, own !== undefined);
}

async function cardWith(place: Place, address: string): Promise<string | undefined> {
  const text = await output(place, 'ip', ['-json', 'address', 'show', 'to', address]);
  return (JSON.parse(text) as readonly Shown[]).find(({ addr_info: all }) =>
    all?.some(({ local }) => local === address),
  )?.ifname;
}

/**
 * arping(8). For an address of its own it asks without saying who it is (`-D`, RFC 5227): a kernel answers nobody who
 * asks from the very address that is asked for. Who answers stands in brackets.
 */
async function ask(place: Place, card: string, address: string, isOwn: boolean): Promise<readonly string[]> {
  if (isIpv6(address)) return place.neighbours(card, address);
  const done = await place.run('arping', [
    ...(isOwn ? ['-D'] : []),
    '-c',
    '2',
    '-w',
    '2',
    '-I',
    card,
    address,
  ]);
  if (!done.ok) throw new Error(done.failure.message);
  const { exitCode, stdout, stderr } = done.value;
  if (exitCode > 1) throw new Error(`arping ended with ${exitCode}: ${stderr.trim()}`);
  return [
    ...new Set([...stdout.matchAll(/\[([0-9A-F:]{17})\]/gi)].map(([, mac = '']) => mac.toLowerCase())),
  ].sort();
}
