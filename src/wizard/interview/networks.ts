import { subnetOf } from '../../model/index.ts';
import type { Answers } from '../answers.ts';
import type { Known } from './question.ts';

export type Networks = NonNullable<Answers['networks']>;

/** A subnet that both nodes have an address in. */
export interface SharedNetwork {
  readonly subnet: string;
  /** On this node and on the other one. */
  readonly cards: readonly [string, string];
  readonly addresses: readonly [string, string];
  /** Mbit/s of the slower card; 0 where neither tells. */
  readonly speed: number;
}

/** In the order of this node's cards. */
export function sharedNetworks({ machine, other }: Known): readonly SharedNetwork[] {
  const found = machine.addresses.flatMap((own): SharedNetwork[] => {
    const subnet = subnetOf(own.address, own.prefix);
    const theirs = other.addresses.find(({ address, prefix }) => subnetOf(address, prefix) === subnet);
    if (theirs === undefined) return [];
    return [
      {
        subnet,
        cards: [own.card, theirs.card],
        addresses: [own.address, theirs.address],
        speed: Math.min(own.speed ?? theirs.speed ?? 0, theirs.speed ?? own.speed ?? 0),
      },
    ];
  });
  return found.filter(({ subnet }, index) => found.findIndex((one) => one.subnet === subnet) === index);
}

const byName = {
  cluster: /^(?:clu|coro|ring|heart|hb)/,
  replication: /^(?:rep|drbd|sync|mirror|cross)/,
  storage: /^(?:stor|iscsi|san)/,
} as const;

/**
 * Which is for what: by the names of cards, where they say it; otherwise the fastest one besides that of the management
 * mirrors, Corosync takes the management's as its first link (the mirror's is the second), and hosts get the rest. What
 * nobody else takes is shared.
 */
export function proposeNetworks(known: Known): Networks | undefined {
  const all = sharedNetworks(known);
  const management = all.find(({ subnet }) => isIn(known.otherAddress, subnet)) ?? all[0];
  if (management === undefined) return undefined;
  const rest = all.filter((one) => one !== management);
  const named = (use: keyof typeof byName): readonly SharedNetwork[] =>
    rest.filter(({ cards }) => byName[use].test(cards[0]));
  const unnamed = rest
    .filter(({ cards }) => Object.values(byName).every((pattern) => !pattern.test(cards[0])))
    .sort((one, two) => two.speed - one.speed);
  const replication = named('replication')[0] ?? unnamed.shift() ?? rest[0] ?? management;
  const cluster = named('cluster')[0] ?? management;
  const left = [...named('storage'), ...unnamed];
  const storage = left.length > 0 ? left : [replication];
  return {
    management: management.subnet,
    cluster: cluster.subnet,
    replication: replication.subnet,
    storage: storage.map(({ subnet }) => subnet),
  };
}

const isIn = (address: string, subnet: string): boolean =>
  subnetOf(address, Number(subnet.split('/')[1])) === subnet;

/** `10.0.1.0/24 (eth1, 10000 Mbit/s)` */
export function networkText(known: Known, subnet: string): string {
  const found = sharedNetworks(known).find((one) => one.subnet === subnet);
  if (found === undefined) return subnet;
  const cards = found.cards[0] === found.cards[1] ? found.cards[0] : found.cards.join(' and ');
  return `${subnet} (${cards}${found.speed > 0 ? `, ${found.speed} Mbit/s` : ''})`;
}
