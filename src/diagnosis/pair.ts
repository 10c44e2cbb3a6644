import type { ClockOffset, ClusterConfig, DiskFacts, NodeFacts, NodeName } from '../model/index.ts';
import { networksOf } from './networks.ts';
import { told, type Found } from './situation.ts';
import { listText, sizeText } from './words.ts';

/** A node and what it told of itself. */
export interface Examined {
  readonly node: NodeName;
  readonly facts: NodeFacts;
}

/** Milliseconds beyond what the measurement itself may be wrong by. */
const CLOCK_TOLERANCE = 1000;

/** What differs between two nodes of a cluster that should not. */
export function pairFindings(
  own: Examined,
  other: Examined,
  clock: ClockOffset,
  config: ClusterConfig,
): readonly Found[] {
  return [
    ...clockFindings(own.node, other.node, clock),
    ...systems(own, other),
    ...names(own, other),
    ...mtus(own, other, config),
    ...disks(own, other, config),
  ];
}

export function clockFindings(
  own: NodeName,
  other: string,
  { offset, uncertainty }: ClockOffset,
): readonly Found[] {
  if (Math.abs(offset) <= CLOCK_TOLERANCE + uncertainty) return [];
  const by = `${(Math.abs(offset) / 1000).toFixed(1)} s`;
  return [
    ['clock_differs', `the clock of ${other} is ${by} ${offset > 0 ? 'ahead of' : 'behind'} that of ${own}`],
  ];
}

function systems(own: Examined, other: Examined): readonly Found[] {
  const words = ({ facts }: Examined): string | undefined => {
    const [release, machine] = [told(facts, 'release'), told(facts, 'machine')];
    return release === undefined || machine === undefined
      ? undefined
      : `${release.name} with kernel ${machine.kernel}`;
  };
  const [mine, theirs] = [words(own), words(other)];
  if (mine === undefined || theirs === undefined || mine === theirs) return [];
  return [['release_differs', `${own.node} runs ${mine}, ${other.node} ${theirs}`]];
}

/** Of every name that both have looked up. What has no address anywhere is told by each node of its own name. */
function names(own: Examined, other: Examined): readonly Found[] {
  const [mine, theirs] = [told(own.facts, 'names') ?? {}, told(other.facts, 'names') ?? {}];
  const text = (addresses: readonly string[]): string =>
    addresses.length === 0 ? 'nothing' : listText(addresses);
  return Object.entries(mine).flatMap(([name, addresses]): Found[] => {
    const others = theirs[name];
    const isLoopback = [...addresses, ...(others ?? [])].some((address) => address.startsWith('127.'));
    if (others === undefined || isLoopback || addresses.join() === others.join()) return [];
    return [
      [
        'name_resolution_differs',
        `${name} is ${text(addresses)} to ${own.node}, and ${text(others)} to ${other.node}`,
      ],
    ];
  });
}

function mtus(own: Examined, other: Examined, config: ClusterConfig): readonly Found[] {
  const mtuOf = ({ facts }: Examined, wanted: string | undefined): number | undefined =>
    told(facts, 'cards')?.find(({ addresses }) => addresses.some(({ address }) => address === wanted))?.mtu;
  const theirs = networksOf(other.node, config);
  return networksOf(own.node, config).flatMap(({ network, address }, index): Found[] => {
    const [here, there] = [mtuOf(own, address), mtuOf(other, theirs[index]?.address)];
    if (here === undefined || there === undefined || here === there) return [];
    return [['mtu_differs', `${network}: the MTU is ${here} on ${own.node} and ${there} on ${other.node}`]];
  });
}

function disks(own: Examined, other: Examined, config: ClusterConfig): readonly Found[] {
  return Object.values(config.pools).flatMap((pool): Found[] => {
    const [mine, theirs] = [diskOf(own, pool.disks[own.node]), diskOf(other, pool.disks[other.node])];
    if (mine === undefined || theirs === undefined) return [];
    const found: Found[] = [];
    if (mine.size !== theirs.size)
      found.push([
        'disk_sizes_differ',
        `${pool.name}: ${sizeText(mine.size)} on ${own.node} and ${sizeText(theirs.size)} on ${other.node}`,
      ]);
    if (mine.sectorSize !== theirs.sectorSize)
      found.push([
        'sector_sizes_differ',
        `${pool.name}: sectors of ${mine.sectorSize} bytes on ${own.node} and ${theirs.sectorSize} on ${other.node}`,
      ]);
    return found;
  });
}

function diskOf({ facts }: Examined, path: string | undefined): DiskFacts | undefined {
  const device = told(facts, 'contents')?.find((content) => content.path === path)?.device;
  return all(told(facts, 'disks') ?? []).find((disk) => disk.path === device);
}

const all = (disks: readonly DiskFacts[]): readonly DiskFacts[] =>
  disks.flatMap((disk) => [disk, ...all(disk.children)]);

/** Who answers for an address that is this node's own, or floats between the nodes. */
export function ownerFindings(
  own: Examined,
  others: readonly Examined[],
  config: ClusterConfig,
): readonly Found[] {
  const macsOf = ({ facts }: Examined): readonly string[] =>
    (told(facts, 'cards') ?? []).map(({ mac }) => mac);
  const fixed = networksOf(own.node, config).map(({ address }) => address);
  const mine = macsOf(own);
  const known = others.flatMap(macsOf);
  return (told(own.facts, 'owners') ?? []).flatMap(({ address, macs }): Found[] => {
    const strangers = macs.filter((mac) => !mine.includes(mac));
    const isFixed = fixed.includes(address);
    const wrong = isFixed ? strangers : strangers.filter((mac) => !known.includes(mac));
    // The other node may be the one that answers for a floating address, where it did not tell its cards.
    const isPerhapsPeer = !isFixed && known.length === 0 && wrong.length < 2;
    if (wrong.length === 0 || isPerhapsPeer) return [];
    const who = others.find((other) => macsOf(other).some((mac) => wrong.includes(mac)))?.node;
    return [
      [
        'address_duplicate',
        `${listText(wrong)}${who === undefined ? '' : `, which is ${who},`} answers for ${address} too`,
      ],
    ];
  });
}
