import {
  subnetOf,
  type CardFacts,
  type ClusterConfig,
  type NodeFacts,
  type NodeName,
} from '../model/index.ts';
import { networksOf } from './networks.ts';
import { told, type Found, type Situation } from './situation.ts';
import { listText } from './words.ts';

/** A card that something of the SAN stands on, or would. */
interface Used {
  readonly card: CardFacts;
  /** What goes over it; empty where there is no cluster yet. */
  readonly networks: readonly string[];
}

export function cardFindings(facts: NodeFacts, { node, config }: Situation): readonly Found[] {
  const cards = told(facts, 'cards');
  if (cards === undefined) return [];
  const used = config === undefined ? likely(cards) : usedBy(cards, networksOf(node, config));
  return [
    ...(config === undefined ? [] : places(cards, node, config)),
    ...used.flatMap(manners),
    ...used.flatMap(({ card }) => bondFindings(card)),
    ...withMembers(used, cards).flatMap(errors),
    ...sharedSubnets(cards),
  ];
}

const withAddress = (cards: readonly CardFacts[], wanted: string): CardFacts | undefined =>
  cards.find(({ addresses }) => addresses.some(({ address }) => address === wanted));

/** Without a cluster: every card that has an address, and is no bridge of containers or machines. */
const likely = (cards: readonly CardFacts[]): readonly Used[] =>
  cards
    .filter(
      ({ addresses, kind }) =>
        addresses.length > 0 && (kind === undefined || kind === 'bond' || kind === 'vlan'),
    )
    .map((card) => ({ card, networks: [] }));

function usedBy(
  cards: readonly CardFacts[],
  networks: readonly { readonly network: string; readonly address: string }[],
): readonly Used[] {
  const byCard = Map.groupBy(networks, ({ address }) => withAddress(cards, address));
  return [...byCard].flatMap(([card, of]) =>
    card === undefined ? [] : [{ card, networks: of.map(({ network }) => network) }],
  );
}

/** Whether every address is where the configuration says, and not all on one wire. */
function places(cards: readonly CardFacts[], node: NodeName, config: ClusterConfig): readonly Found[] {
  const found: Found[] = [];
  const networks = networksOf(node, config);
  for (const { network, address } of networks)
    if (withAddress(cards, address) === undefined)
      found.push(['address_missing', `no card has ${address} (${network})`]);
  for (const { portals } of Object.values(config.targets))
    for (const { address, prefix } of portals)
      if (
        !cards.some((card) =>
          [...card.addresses, ...card.ipv6].some(
            (own) =>
              isFixed(own.address, config) && subnetOf(own.address, own.prefix) === subnetOf(address, prefix),
          ),
        )
      )
        found.push([
          'portal_without_card',
          `no card has a fixed address in ${subnetOf(address, prefix)}, where the portal ${address} goes`,
        ]);
  // The management network is none of those between the nodes.
  const wires = new Set(networks.slice(1).map(({ address }) => baseOf(cards, withAddress(cards, address))));
  const [only] = wires;
  if (wires.size === 1 && only !== undefined && (only.bond?.members.length ?? 0) < 2)
    found.push(['networks_share_card', `everything between the nodes goes over ${only.name}`]);
  return found;
}

const isFixed = (address: string, { targets }: ClusterConfig): boolean =>
  !Object.values(targets).some(({ portals }) => portals.some((portal) => portal.address === address));

/** The card under a VLAN. */
function baseOf(cards: readonly CardFacts[], card: CardFacts | undefined): CardFacts | undefined {
  const lower = cards.find(({ name }) => name === card?.lower);
  return lower === undefined || lower === card ? card : baseOf(cards, lower);
}

const LEAST_SPEED = 1000;
const LEAST_MTU = 1500;

function manners({ card, networks }: Used): readonly Found[] {
  const what = networks.length === 0 ? card.name : `${card.name} (${listText(networks)})`;
  const found: Found[] = [];
  if (!card.isUp) found.push(['card_down', `${what} is switched off`]);
  else if (!card.hasCarrier) found.push(['card_down', `${what} feels no other end of its cable`]);
  const carriesWrites = networks.length === 0 || networks.some((network) => network !== 'management');
  if (carriesWrites && card.speed !== undefined && card.speed < LEAST_SPEED)
    found.push(['card_slow', `${what} runs at ${card.speed} Mbit/s`]);
  if (card.duplex === 'half') found.push(['card_half_duplex', `${what} is in half duplex`]);
  if (card.mtu < LEAST_MTU) found.push(['mtu_small', `${what} has an MTU of ${card.mtu}`]);
  for (const { address, isDynamic } of card.addresses)
    if (isDynamic) found.push(['address_dynamic', `${card.name} has ${address} by DHCP`]);
  return found;
}

const NO_PARTNER = '00:00:00:00:00:00';

function bondFindings({ name, bond }: CardFacts): readonly Found[] {
  if (bond === undefined) return [];
  const { mode, members, partner } = bond;
  const down = members.filter(({ isUp }) => !isUp);
  const found: Found[] = [];
  if (members.length < 2)
    found.push([
      'bond_single',
      `${name} has ${members.length === 0 ? 'no member' : `one member, ${members[0]?.card ?? ''}`}`,
    ]);
  else if (down.length > 0)
    found.push(['bond_degraded', `${name} (${mode}) has lost ${listText(down.map(({ card }) => card))}`]);
  if (partner === NO_PARTNER)
    found.push(['bond_no_partner', `${name} (${mode}) hears no LACP of the switch`]);
  return found;
}

/** Damage is counted where the cable is. */
const withMembers = (used: readonly Used[], cards: readonly CardFacts[]): readonly CardFacts[] => {
  const names = new Set(
    used.flatMap(({ card }) => [card.name, ...(card.lower === undefined ? [] : [card.lower])]),
  );
  return cards.filter(({ name, master }) => names.has(name) || (master !== undefined && names.has(master)));
};

const FEW_ERRORS = 100;
const TOLERATED = 1e-5;

function errors({ name, packets, errors: count }: CardFacts): readonly Found[] {
  if (count < FEW_ERRORS || count <= packets * TOLERATED) return [];
  return [['card_errors', `${name} has counted ${count} errors in ${packets} packets`]];
}

/** A member of a bond or a bridge has no address of its own that counts. */
function sharedSubnets(cards: readonly CardFacts[]): readonly Found[] {
  const all = cards
    .filter(({ master, isUp }) => master === undefined && isUp)
    .flatMap(({ name, addresses }) =>
      addresses
        .filter(({ prefix }) => prefix < 31)
        .map(({ address, prefix }) => ({ name, subnet: subnetOf(address, prefix) })),
    );
  return [...Map.groupBy(all, ({ subnet }) => subnet)].flatMap(([subnet, of]): Found[] => {
    const names = [...new Set(of.map(({ name }) => name))];
    return names.length < 2 ? [] : [['subnet_on_two_cards', `${listText(names)} are both in ${subnet}`]];
  });
}
