import type {
  ClusterDocument,
  Configuration,
  HistoryEntry,
  NodeHistory,
  ResourceHistory,
} from '../../model/index.ts';
import { configurationTree } from './write-configuration.ts';
import { pairSetTree } from './write-pairs.ts';
import { tree } from './tree.ts';
import { writeXml, type XmlTree } from './xml.ts';

/** The document as CIB XML; what `readCib` reads from it is the same document. */
export function writeCib({ fields, configuration, nodes, tickets }: ClusterDocument): string {
  const status = [
    ...nodes.map(nodeTree),
    ...(tickets.length === 0
      ? []
      : [
          tree(
            'tickets',
            {},
            tickets.map((ticket) => tree('ticket_state', { id: ticket.id, ...ticket.fields })),
          ),
        ]),
  ];
  return writeXml(tree('cib', fields, [configurationTree(configuration), tree('status', {}, status)]));
}

/** The parts of a configuration that are there, each as an element of its own: what stands in `<configuration>`. */
export const writeFragment = (configuration: Configuration): readonly string[] =>
  configurationTree(configuration).children.flatMap((part) =>
    typeof part === 'string'
      ? []
      : SEPARABLE.has(part.name)
        ? part.children.map((child) => writeXml(child as XmlTree))
        : [writeXml(part)],
  );

/** Parts whose members tell by their names where they belong. */
const SEPARABLE = new Set(['crm_config', 'nodes', 'resources', 'constraints', 'tags']);

const nodeTree = (node: NodeHistory): XmlTree =>
  tree(
    'node_state',
    { ...(node.isRemote ? { remote_node: 'true' } : {}), id: node.id, uname: node.uname, ...node.fields },
    [
      ...(node.transient.length === 0 && node.transientId === undefined
        ? []
        : [
            tree(
              'transient_attributes',
              { id: node.transientId ?? node.id },
              node.transient.map((set) => pairSetTree('instance_attributes', set)),
            ),
          ]),
      ...(node.resources === undefined
        ? []
        : [tree('lrm', { id: node.id }, [tree('lrm_resources', {}, node.resources.map(historyTree))])]),
    ],
  );

const historyTree = ({ id, agent, fields, operations }: ResourceHistory): XmlTree =>
  tree(
    'lrm_resource',
    { id, class: agent?.standard, provider: agent?.provider, type: agent?.type, ...fields },
    operations.map(entryTree),
  );

const entryTree = ({ id, operation, fields }: HistoryEntry): XmlTree =>
  tree('lrm_rsc_op', { id, operation, ...fields });
