import type { MachineView } from '../../../model/index.ts';
import { ClusterFile } from '../../../api/schemas/index.ts';
import { problemWith } from '../fits.ts';
import { choiceCheck, nodesOf, type Known, type Question, type Topic } from '../question.ts';

const fence = ClusterFile.shape.nodes.element.shape.fence;

type Field = Pick<Question, 'text' | 'why'> &
  Partial<Pick<Question, 'kind' | 'proposal' | 'doubtedBy'>> & {
    readonly id: string;
    /** Another field, which must have another reply. */
    readonly notAs?: string;
    /** What of a reply must be another one; everything where it is absent. */
    readonly essence?: (reply: string) => string;
    /** A device with this reply in it, which the schema is asked about. */
    readonly sample: (reply: string) => object;
  };

const ipmi = { kind: 'ipmi', address: '192.0.2.1', username: 'x', password: 'x' };
const pdu = { kind: 'pdu', address: '192.0.2.1', version: '2c', community: 'x', outlets: ['1'] };
const libvirt = { kind: 'libvirt', uri: 'qemu+tls://host/system', domain: 'x' };

/** `10.0.0.1` or `user@10.0.0.1`. */
function boardAt(reply: string): { readonly username: string; readonly address: string } {
  const at = reply.lastIndexOf('@');
  return { username: at < 0 ? 'admin' : reply.slice(0, at), address: reply.slice(at + 1) };
}

const boardOf = ({ node }: MachineView, before: MachineView | undefined): Field => ({
  id: `board-${node}`,
  ...(before && { notAs: `board-${before.node}` }),
  essence: (reply) => boardAt(reply).address,
  text: `Management board of ${node}: ADDRESS, or USER@ADDRESS`,
  why: `The other node cuts the power of ${node} there (IPMI over LAN), before it takes over. The user needs the privilege to switch the power (operator); without one it is admin.`,
  doubtedBy: ['fence_unreachable'],
  sample: (reply) => ({ ...ipmi, ...boardAt(reply) }),
});

const passwordOf = ({ node }: MachineView, before: MachineView | undefined): Field => ({
  id: `board-password-${node}`,
  kind: 'secret',
  text: `Password of the board of ${node}${before ? ' (nothing: the same)' : ''}`,
  why: 'Kept on the nodes where only root reads it; it is shown nowhere.',
  ...(before && { proposal: '' }),
  doubtedBy: ['fence_refused'],
  sample: (password) => ({ ...ipmi, password: before && password === '' ? ipmi.password : password }),
});

const outletOf = ({ node }: MachineView, before: MachineView | undefined): Field => ({
  id: `outlet-${node}`,
  ...(before && { notAs: `outlet-${before.node}` }),
  text: `Outlet that feeds ${node} (name or number; two feeds separated by commas)`,
  why: 'All of them are switched off together; a node with a feed that is forgotten goes on living.',
  proposal: node,
  doubtedBy: ['fence_outlet_unknown'],
  sample: (outlet) => ({ ...pdu, outlets: outlet.split(/\s*,\s*/) }),
});

const domainOf = ({ node }: MachineView, before: MachineView | undefined): Field => ({
  id: `domain-${node}`,
  ...(before && { notAs: `domain-${before.node}` }),
  text: `Name of the virtual machine of ${node}`,
  why: 'As `virsh list` on the hypervisor calls it.',
  proposal: node,
  doubtedBy: ['fence_outlet_unknown'],
  sample: (domain) => ({ ...libvirt, domain }),
});

/** What is asked for each kind of device. */
const fields: Readonly<Record<string, (nodes: readonly MachineView[]) => readonly Field[]>> = {
  ipmi: (nodes) => [
    ...nodes.map((one, index) => boardOf(one, nodes[index - 1])),
    ...nodes.map((one, index) => passwordOf(one, nodes[index - 1])),
  ],
  pdu: (nodes) => [
    {
      id: 'pdu-address',
      text: 'Address of the power distribution unit',
      why: 'Both nodes switch each other’s outlets there (SNMP v2c; other ways in an answers file).',
      doubtedBy: ['fence_unreachable'],
      sample: (address) => ({ ...pdu, address }),
    },
    {
      id: 'pdu-community',
      kind: 'secret',
      text: 'Its SNMP community that may write',
      why: 'Kept on the nodes where only root reads it; it is shown nowhere.',
      // Who has the wrong one gets no answer at all.
      doubtedBy: ['fence_unreachable', 'fence_refused'],
      sample: (community) => ({ ...pdu, community }),
    },
    ...nodes.map((one, index) => outletOf(one, nodes[index - 1])),
  ],
  libvirt: (nodes) => [
    {
      id: 'libvirt-uri',
      text: 'URI of the hypervisor',
      why: 'The nodes end each other’s machine there; it has to answer to both.',
      doubtedBy: ['fence_unreachable', 'fence_refused'],
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

const asQuestion = (
  known: Known,
  { sample, proposal, notAs, essence = (reply) => reply, ...field }: Field,
): Question => ({
  kind: 'text',
  ...field,
  ...(proposal === undefined ? {} : { proposal }),
  check: (reply) =>
    notAs !== undefined && essence(known.replies[notAs] ?? '') === essence(reply)
      ? 'it is that of the other node'
      : problemWith(fence, sample(reply)),
});

function deviceOf(kind: string, { node }: MachineView, { replies, machine }: Known): object {
  const reply = (id: string): string => replies[id] ?? '';
  switch (kind) {
    case 'ipmi':
      return {
        kind,
        ...boardAt(reply(`board-${node}`)),
        password: reply(`board-password-${node}`) || reply(`board-password-${machine.node}`),
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
      fence.parse(deviceOf(kind, machine, known)),
    ]);
    return {
      fencing: Object.fromEntries(devices) as NonNullable<Known['given']['fencing']>,
      ...(kind === 'none' ? { testOnly: true as const } : {}),
    };
  },
};
