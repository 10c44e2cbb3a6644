import { networkText, proposeNetworks, sharedNetworks, type Networks } from '../networks.ts';
import { choiceCheck, wordsOf, type Known, type Question, type Topic } from '../question.ts';

const uses = {
  management: 'the API, and the way to the power devices, go over it',
  cluster: 'Corosync’s first link: a network that nothing else fills',
  replication: 'every write goes over it, and Corosync’s second link: the fastest one',
} as const;

const asProposed = (known: Known): Question => {
  const { management, cluster, replication, storage } = proposeNetworks(known) ?? nowhere;
  const choices = [
    {
      value: 'yes',
      label: [
        `management ${networkText(known, management)}`,
        `cluster ${networkText(known, cluster)}`,
        `replication ${networkText(known, replication)}`,
        `hosts ${storage.map((one) => networkText(known, one)).join(', ')}`,
      ].join('; '),
    },
    { value: 'other', label: 'Otherwise: ask me for each' },
  ];
  return {
    id: 'networks',
    text: 'Which network is for what',
    why: 'Both nodes have these subnets; each should have its own cable and switch, so that none takes another with it.',
    kind: 'choice',
    choices,
    proposal: 'yes',
    check: choiceCheck(choices),
  };
};

const nowhere: Networks = { management: '', cluster: '', replication: '', storage: [] };

function one(known: Known, use: keyof typeof uses): Question {
  const choices = sharedNetworks(known).map(({ subnet }) => ({
    value: subnet,
    label: networkText(known, subnet),
  }));
  return {
    id: `network-${use}`,
    text: `Network for ${use}`,
    why: `${uses[use].charAt(0).toUpperCase()}${uses[use].slice(1)}.`,
    kind: 'choice',
    choices,
    proposal: proposeNetworks(known)?.[use] ?? '',
    check: choiceCheck(choices),
  };
}

function storage(known: Known): Question {
  const subnets = sharedNetworks(known).map(({ subnet }) => subnet);
  return {
    id: 'network-storage',
    text: 'Networks to the hosts (one, or better two, separated by commas)',
    why: 'Hosts reach the LUNs over each of them; with two, multipath survives the loss of one.',
    kind: 'text',
    proposal: (proposeNetworks(known)?.storage ?? []).join(', '),
    check: (reply) => {
      const words = wordsOf(reply);
      const strange = words.find((word) => !subnets.includes(word));
      if (words.length === 0) return 'it must be one subnet at least';
      return strange === undefined
        ? undefined
        : `${strange} is no subnet of both nodes; they share ${subnets.join(', ')}`;
    },
  };
}

export const networks: Topic = {
  obstacle: (known) =>
    sharedNetworks(known).length === 0
      ? 'the two nodes have no network in common: give both an address in the same subnets'
      : known.given.networks && strangeIn(known, known.given.networks),
  questions: (known) => {
    const { given, replies } = known;
    // With one network there is nothing to choose.
    if (given.networks !== undefined || sharedNetworks(known).length === 1) return [];
    if (replies['networks'] !== 'other') return [asProposed(known)];
    return [
      asProposed(known),
      one(known, 'management'),
      one(known, 'cluster'),
      one(known, 'replication'),
      storage(known),
    ];
  },
  answer: (known) => {
    const { given, replies } = known;
    const proposed = proposeNetworks(known);
    if (given.networks !== undefined) return { networks: given.networks };
    if (replies['networks'] !== 'other') return proposed === undefined ? {} : { networks: proposed };
    return {
      networks: {
        management: replies['network-management'] ?? '',
        cluster: replies['network-cluster'] ?? '',
        replication: replies['network-replication'] ?? '',
        storage: [...wordsOf(replies['network-storage'] ?? '')],
      },
    };
  },
};

function strangeIn(known: Known, { management, cluster, replication, storage: hosts }: Networks) {
  const subnets = sharedNetworks(known).map(({ subnet }) => subnet);
  const strange = [management, cluster, replication, ...hosts].find((subnet) => !subnets.includes(subnet));
  return strange === undefined
    ? undefined
    : `${strange} of the answers is no subnet of both nodes; they share ${subnets.join(', ')}`;
}
