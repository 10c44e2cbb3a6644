import { ClusterFile } from '../../../api/schemas/index.ts';
import { hostOf, subnetOf } from '../../../model/index.ts';
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
  const own = nodesOf(known).flatMap(({ addresses }) => addresses.map(({ address }) => address));
  const taken = portals.find((portal) => own.includes(portal.split('/')[0] ?? ''));
  if (taken !== undefined) return `${taken} is an address of a node; hosts need one of its own that moves`;
  const homeless = portals.find((portal) => {
    const [address = '', prefix = ''] = portal.split('/');
    return !storageOf(known).includes(subnetOf(address, Number(prefix)));
  });
  return homeless === undefined
    ? undefined
    : `${homeless} is in none of the networks to the hosts: ${storageOf(known).join(', ')}`;
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
