import type {
  Discovered,
  DiscoveredOutlet,
  DiscoverySettings,
  DiscoveryView,
  FenceProposal,
  NodeName,
} from '../../model/index.ts';

/**
 * Which of what a device switches would put out which node: by their names, and never by guessing. What is ambiguous is
 * told and left to a person; the test of the fencing shows whether it is true.
 */
export function proposeHostMap(
  device: DiscoverySettings,
  found: Discovered,
  nodes: readonly NodeName[],
): DiscoveryView {
  const notes: string[] = [];
  const proposals = nodes.flatMap((node): FenceProposal[] => {
    const fence = fenceFor(device, found.outlets, node, nodes, notes);
    return fence === undefined ? [] : [{ node, fence }];
  });
  if (nodes.length === 0) notes.push('no nodes were named: nothing is proposed');
  return { ...found, proposals, notes };
}

function fenceFor(
  device: DiscoverySettings,
  outlets: readonly DiscoveredOutlet[],
  node: NodeName,
  nodes: readonly NodeName[],
  notes: string[],
): FenceProposal['fence'] | undefined {
  const own = outlets.filter(({ name }) => belongsTo(name, node, nodes));
  const names = own.map(({ name }) => name);
  switch (device.kind) {
    case 'ipmi':
      // A board names nobody: whose it is tells a person, or the test of the fencing.
      if (nodes.length === 1) return { kind: 'ipmi', address: device.address, port: device.port };
      notes.push(`a board does not say whose it is: look whether it is that of ${node}`);
      return undefined;
    case 'pdu': {
      const twice = names.find((name, index) => names.indexOf(name) !== index);
      if (twice !== undefined) {
        notes.push(`two outlets are called '${twice}': rename one, or name them by number (#1)`);
        return undefined;
      }
      if (names.length === 0) {
        notes.push(`no outlet is named after ${node}`);
        return undefined;
      }
      const { kind, address, port, family, version } = device;
      return { kind, address, port, family, version, outlets: names };
    }
    case 'libvirt': {
      const exact = own.filter(({ name }) => name === node);
      const [only, other] = exact.length === 1 ? exact : own;
      if (only === undefined || other !== undefined) {
        notes.push(
          only === undefined
            ? `no machine is named after ${node}`
            : `several machines are named after ${node}: ${names.join(', ')}`,
        );
        return undefined;
      }
      return { kind: 'libvirt', uri: device.uri, domain: only.name };
    }
    case 'sbd':
      if (own.some(({ name }) => name === node)) return { kind: 'sbd' };
      notes.push(`${node} has no slot on the disks yet; it takes one when it joins`);
      return { kind: 'sbd' };
  }
}

/** Its name as a word of its own, and no longer one of another node: `san-a left` is of san-a, not of san. */
function belongsTo(name: string, node: NodeName, nodes: readonly NodeName[]): boolean {
  const named = nodes.filter((each) => isNamed(name, each));
  const longest = named.toSorted((one, other) => other.length - one.length)[0];
  return longest === node;
}

const isNamed = (name: string, node: NodeName): boolean =>
  new RegExp(`(^|[^a-z0-9-])${node}($|[^a-z0-9-])`, 'i').test(name);
