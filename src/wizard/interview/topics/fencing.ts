import type { MachineView } from '../../../model/index.ts';
import { ClusterFile } from '../../../api/schemas/index.ts';
import { problemWith } from '../fits.ts';
import { choiceCheck, nodesOf, type Known, type Question, type Topic } from '../question.ts';

const fence = ClusterFile.shape.nodes.element.shape.fence;

type Field = Pick<Question, 'text' | 'why'> &
  Partial<Pick<Question, 'kind' | 'proposal'>> & {
    readonly id: string;
    /** Another field, which must have another reply. */
    readonly notAs?: string;
    /** A device with this reply in it, which the schema is asked about. */
    readonly sample: (reply: string) => object;
  };

const ipmi = { kind: 'ipmi', address: '192.0.2.1', username: 'x', password: 'x' };
const pdu = { kind: 'pdu', address: '192.0.2.1', version: '2c', community: 'x', outlets: ['1'] };
const libvirt = { kind: 'libvirt', uri: 'qemu+tls://host/system', domain: 'x' };

const boardOf = ({ node }: MachineView, before: MachineView | undefined): Field => ({
  id: `board-${node}`,
  ...(before && { notAs: `board-${before.node}` }),
  text: `Address of the management board of ${node}`,
  why: `The other node cuts the power of ${node} there (IPMI over LAN), before it takes over.`,
  sample: (address) => ({ ...ipmi, address }),
});

const outletOf = ({ node }: MachineView, before: MachineView | undefined): Field => ({
  id: `outlet-${node}`,
  ...(before && { notAs: `outlet-${before.node}` }),
  text: `Outlet that feeds ${node} (name or number; two feeds separated by commas)`,
  why: 'All of them are switched off together; a node with a feed that is forgotten goes on living.',
  proposal: node,
  sample: (outlet) => ({ ...pdu, outlets: outlet.split(/\s*,\s*/) }),
});

const domainOf = ({ node }: MachineView, before: MachineView | undefined): Field => ({
  id: `domain-${node}`,
  ...(before && { notAs: `domain-${before.node}` }),
  text: `Name of the virtual machine of ${node}`,
  why: 'As `virsh list` on the hypervisor calls it.',
  proposal: node,
  sample: (domain) => ({ ...libvirt, domain }),
});

/** What is asked for each kind of device. */
const fields: Readonly<Record<string, (nodes: readonly MachineView[]) => readonly Field[]>> = {
  ipmi: (nodes) => [
    ...nodes.map((one, index) => boardOf(one, nodes[index - 1])),
    {
      id: 'board-user',
      text: 'User of the boards',
      why: 'It needs the privilege to switch the power (operator), on both boards.',
      proposal: 'admin',
      sample: (username) => ({ ...ipmi, username }),
    },
    {
      id: 'board-password',
      kind: 'secret',
      text: 'Its password',
      why: 'Kept on the nodes where only root reads it; it is shown nowhere.',
      sample: (password) => ({ ...ipmi, password }),
    },
  ],
  pdu: (nodes) => [
    {
      id: 'pdu-address',
      text: 'Address of the power distribution unit',
      why: 'Both nodes switch each other’s outlets there (SNMP v2c; other ways in an answers file).',
      sample: (address) => ({ ...pdu, address }),
    },
    {
      id: 'pdu-community',
      kind: 'secret',
      text: 'Its SNMP community that may write',
      why: 'Kept on the nodes where only root reads it; it is shown nowhere.',
      sample: (community) => ({ ...pdu, community }),
    },
    ...nodes.map((one, index) => outletOf(one, nodes[index - 1])),
  ],
  libvirt: (nodes) => [
    {
      id: 'libvirt-uri',
      text: 'URI of the hypervisor',
      why: 'The nodes end each other’s machine there; it has to answer to both.',
      sample: (uri) => ({ ...libvirt, uri }),
    },
    ...nodes.map((one, index) => domainOf(one, nodes[index - 1])),
  ],
  none: () => [],
};

const kinds = [
  { value: 'ipmi', label: 'Management boards (IPMI: iLO, iDRAC, XCC, BMC, ...)' },
  { value: 'pdu', label: 'Outlets of a power distribution unit (SNMP)' },
  { value: 'libvirt', label: 'The hypervisor of two virtual machines (libvirt)' },
  { value: 'none', label: 'Nothing: only to try it, data may be lost' },
];

const kindQuestion = ({ machine, other }: Known): Question => ({
  id: 'fence-kind',
  text: 'What cuts the power of a node that is lost',
  why: 'Nothing is taken over before it is certain that the other node is off: two that write destroy the data.',
  kind: 'choice',
  choices: kinds,
  proposal: machine.virtual !== undefined && other.virtual !== undefined ? 'libvirt' : 'ipmi',
  check: choiceCheck(kinds),
});

const asQuestion = (known: Known, { sample, proposal, notAs, ...field }: Field): Question => ({
  kind: 'text',
  ...field,
  ...(proposal === undefined ? {} : { proposal }),
  check: (reply) =>
    notAs !== undefined && known.replies[notAs] === reply
      ? 'it is that of the other node'
      : problemWith(fence, sample(reply)),
});

function deviceOf(kind: string, { node }: MachineView, replies: Known['replies']): object {
  const reply = (id: string): string => replies[id] ?? '';
  switch (kind) {
    case 'ipmi':
      return {
        kind,
        address: reply(`board-${node}`),
        username: reply('board-user'),
        password: reply('board-password'),
      };
    case 'pdu':
      return {
        kind,
        address: reply('pdu-address'),
        version: '2c',
        community: reply('pdu-community'),
        outlets: reply(`outlet-${node}`).split(/\s*,\s*/),
      };
    case 'libvirt':
      return { kind, uri: reply('libvirt-uri'), domain: reply(`domain-${node}`) };
    default:
      return { kind: 'null', testOnly: true };
  }
}

export const fencing: Topic = {
  obstacle: (known) => {
    const { fencing: given } = known.given;
    const without = given && nodesOf(known).find(({ node }) => given[node] === undefined);
    return without && `the answers say what fences a node, and not what fences ${without.node}`;
  },
  questions: (known) => {
    if (known.given.fencing !== undefined) return [];
    const kind = known.replies['fence-kind'] ?? '';
    const rest = fields[kind]?.(nodesOf(known)) ?? [];
    return [kindQuestion(known), ...rest.map((field) => asQuestion(known, field))];
  },
  answer: (known) => {
    const { given, replies } = known;
    if (given.fencing !== undefined) return { fencing: given.fencing };
    const kind = replies['fence-kind'] ?? '';
    const devices = nodesOf(known).map((machine) => [
      machine.node,
      fence.parse(deviceOf(kind, machine, replies)),
    ]);
    return {
      fencing: Object.fromEntries(devices) as NonNullable<Known['given']['fencing']>,
      ...(kind === 'none' ? { testOnly: true as const } : {}),
    };
  },
};
