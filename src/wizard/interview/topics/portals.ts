import { ClusterFile } from '../../../api/schemas/index.ts';
import { canonicalAddress, hostOf, isIpv6, isSameSubnet, subnetOf } from '../../../model/index.ts';
import { problemWith } from '../fits.ts';
import { nodesOf, wordsOf, type Known, type Topic } from '../question.ts';
import { networks } from './networks.ts';

const schema = ClusterFile.shape.target.shape.portals;

/** Round, and seldom taken; the next ones are tried where a node has it. */
const FIRST = 100;
const TRIED = 100;

const storageOf = (known: Known): readonly string[] => networks.answer(known).networks?.storage ?? [];

function propose(known: Known): string {
  const taken = new Set(nodesOf(known).flatMap(({ addresses }) => addresses.map(({ address }) => address)));
  const portals = storageOf(known).flatMap((subnet) => {
    const offsets = [...Array.from({ length: TRIED }, (_, index) => FIRST + index), 5, 4, 3];
    const free = offsets
      .map((offset) => hostOf(subnet, offset))
      .find((address) => address !== undefined && !taken.has(address));
    return free === undefined ? [] : [`${free}/${subnet.split('/')[1] ?? ''}`];
  });
  return portals.join(', ');
}

function problem(known: Known, reply: string): string | undefined {
  const portals = wordsOf(reply);
  const wrong = problemWith(schema, portals);
  if (wrong !== undefined) return wrong;
  const own = nodesOf(known).flatMap(({ addresses, ipv6 = [] }) =>
    [...addresses, ...ipv6].map(({ address }) => address),
  );
  const taken = portals.find((portal) => own.includes(partsOf(portal).address));
  if (taken !== undefined) return `${taken} is an address of a node; hosts need one of its own that moves`;
  const homeless = portals.find((portal) => {
    const { address, prefix } = partsOf(portal);
    return !isIpv6(address) && !storageOf(known).includes(subnetOf(address, prefix));
  });
  if (homeless !== undefined)
    return `${homeless} is in none of the networks to the hosts: ${storageOf(known).join(', ')}`;
  return lonely(known, portals);
}

/** Of IPv6 no networks are asked for: both nodes need an address where the portal is. */
function lonely(known: Known, portals: readonly string[]): string | undefined {
  for (const portal of portals) {
    const { address, prefix } = partsOf(portal);
    if (!isIpv6(address)) continue;
    const without = nodesOf(known).find(
      ({ ipv6 = [] }) =>
        !ipv6.some((own) => own.prefix === prefix && isSameSubnet(own.address, address, prefix)),
    );
    if (without !== undefined)
      return `${portal} is in no network of ${without.node}, which needs an IPv6 address of its own there, with the same prefix length`;
  }
  return undefined;
}

function partsOf(portal: string): { readonly address: string; readonly prefix: number } {
  const [address = '', prefix = ''] = portal.split('/');
  return { address: canonicalAddress(address), prefix: Number(prefix) };
}

export const portals: Topic = {
  questions: (known) => {
    const proposal = propose(known);
    return known.given.portals === undefined
      ? [
          {
            id: 'portals',
            text: 'Addresses that hosts connect to',
            why: 'They move with the LUNs from node to node, so nobody else may have them; one in each network to the hosts.',
            kind: 'text',
            ...(proposal === '' ? {} : { proposal }),
            check: (reply) => problem(known, reply),
          },
        ]
      : [];
  },
  answer: ({ given, replies }) => ({ portals: given.portals ?? [...wordsOf(replies['portals'] ?? '')] }),
};
