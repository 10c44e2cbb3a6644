import type { BondFacts, CardFacts, Looks, PortFacts } from '../../model/index.ts';
import { linesOf, namesIn, output, read, readIfThere, type Place } from './place.ts';

/** A card in `ip -json -details -statistics address show`, as far as it is read. */
interface Shown {
  readonly ifname: string;
  /** What it stands upon, as a VLAN does; of a veth, its other end. */
  readonly link?: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly master?: string;
  readonly link_type: string;
  readonly address?: string;
  readonly linkinfo?: { readonly info_kind?: string };
  readonly stats64?: {
    readonly rx: { readonly packets: number; readonly errors: number };
    readonly tx: { readonly packets: number; readonly errors: number };
  };
  readonly addr_info?: readonly {
    readonly family?: string;
    readonly local?: string;
    readonly scope?: string;
    readonly prefixlen?: number;
    readonly dynamic?: boolean;
  }[];
}

export async function lookAtCards(place: Place): Promise<Looks['cards']> {
  const text = await output(place, 'ip', ['-json', '-details', '-statistics', 'address', 'show']);
  const bonds = new Map<string, BondFacts>();
  for (const name of await namesIn(place, '/proc/net/bonding'))
    bonds.set(name, bondIn(await read(place, `/proc/net/bonding/${name}`)));
  return Promise.all(
    cardsIn(text).map(async (card) => ({
      ...card,
      ...(await mannersOf(place, card.name)),
      bond: bonds.get(card.name),
    })),
  );
}

/** The kernel answers EINVAL for a card that is down, and -1 where the driver does not know. */
async function mannersOf(place: Place, card: string): Promise<Pick<CardFacts, 'speed' | 'duplex'>> {
  const speed = Number((await readIfThere(place, `/sys/class/net/${card}/speed`)) ?? '-1');
  const duplex = ((await readIfThere(place, `/sys/class/net/${card}/duplex`)) ?? 'unknown').trim();
  return {
    speed: Number.isFinite(speed) && speed > 0 ? speed : undefined,
    duplex: duplex === 'unknown' ? undefined : duplex,
  };
}

/** What `ip` printed, without the loopback; speed, duplex and bonds are known to the kernel's files only. */
export function cardsIn(text: string): readonly CardFacts[] {
  const shown = JSON.parse(text) as readonly Shown[];
  return shown.filter(({ link_type: type }) => type !== 'loopback').map(cardOf);
}

function cardOf(shown: Shown): CardFacts {
  const { flags, stats64, linkinfo, addr_info: all = [] } = shown;
  return {
    name: shown.ifname,
    kind: linkinfo?.info_kind,
    isUp: flags.includes('UP'),
    hasCarrier: flags.includes('LOWER_UP'),
    master: shown.master,
    lower: linkinfo?.info_kind === 'veth' ? undefined : shown.link,
    mac: shown.address ?? '',
    mtu: shown.mtu,
    speed: undefined,
    duplex: undefined,
    addresses: all.flatMap(({ family, local, prefixlen = 32, dynamic = false }) =>
      family === 'inet' && local !== undefined
        ? [{ address: local, prefix: prefixlen, isDynamic: dynamic }]
        : [],
    ),
    ipv6: all.flatMap(({ family, local, scope, prefixlen = 128 }) =>
      family === 'inet6' && scope === 'global' && local !== undefined
        ? [{ address: local, prefix: prefixlen }]
        : [],
    ),
    packets: (stats64?.rx.packets ?? 0) + (stats64?.tx.packets ?? 0),
    errors: (stats64?.rx.errors ?? 0) + (stats64?.tx.errors ?? 0),
    bond: undefined,
  };
}

/** The kernel's Documentation/networking/bonding.rst: first of the bond, then a section for each member. */
export function bondIn(text: string): BondFacts {
  const value = (part: string, name: string): string | undefined =>
    new RegExp(`^\\s*${name}: (.*)$`, 'm').exec(part)?.[1]?.trim();
  const [bond = '', ...members] = text.split(/^(?=Slave Interface: )/m);
  return {
    mode: value(bond, 'Bonding Mode') ?? '',
    members: members.map((part) => ({
      card: value(part, 'Slave Interface') ?? '',
      isUp: value(part, 'MII Status') === 'up',
    })),
    partner: value(bond, 'Partner Mac Address'),
  };
}

export async function lookAtPorts(place: Place): Promise<Looks['ports']> {
  return portsIn(
    await output(place, 'ss', ['--no-header', '--listening', '--numeric', '--tcp', '--udp', '--processes']),
  );
}

/** ss(8): protocol, state, two queues, own address, the other's, and who has it: `users:(("sshd",pid=1,fd=3))`. */
export const portsIn = (text: string): readonly PortFacts[] =>
  linesOf(text).flatMap((line) => {
    const [protocol, , , , own = '', , users = ''] = line.split(/\s+/);
    const [, address = '', port = ''] = /^(.*):(\d+)$/.exec(own) ?? [];
    if ((protocol !== 'tcp' && protocol !== 'udp') || port === '') return [];
    return [{ protocol, address, port: Number(port), process: /\(\("([^"]*)"/.exec(users)?.[1] }];
  });

/** As programs here would find it out: /etc/hosts first, then name servers (nsswitch.conf(5)). */
export async function lookAtNames(place: Place, names: readonly string[]): Promise<Looks['names']> {
  const found = await Promise.all(
    names.map(async (name): Promise<[string, readonly string[]]> => [name, await addressesOf(place, name)]),
  );
  return Object.fromEntries(found);
}

/** getent(1): a line for each address and kind of socket; ends with 2 where there is none. */
async function addressesOf({ run }: Place, name: string): Promise<readonly string[]> {
  const asked = await run('getent', ['ahosts', name]);
  if (!asked.ok) throw new Error(asked.failure.message);
  const { exitCode, stdout, stderr } = asked.value;
  if (exitCode === 2) return [];
  if (exitCode !== 0) throw new Error(`getent ahosts ended with ${exitCode}: ${stderr.trim()}`);
  return [...new Set(linesOf(stdout).map((line) => line.split(/\s+/)[0] ?? ''))].sort();
}
