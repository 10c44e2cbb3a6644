import type { ClusterDocument, NodeHistory, PairSet } from '../../src/model/index.ts';
import { readCrm } from '../../src/formats/crm/index.ts';
import { statementText, type FuzzedCluster, type NodeAttribute, type Step } from './cluster.ts';
import { edited } from './edits.ts';
import { marked } from './marks.ts';

/** The definition as it stands after the first `count` steps' edits; undefined where it cannot be read. */
export function definitionAfter(cluster: FuzzedCluster, count: number): ClusterDocument | undefined {
  const statements = cluster.steps
    .slice(0, count)
    .flatMap((step) => step.edits)
    .reduce(edited, cluster.statements);
  const result = readCrm(statements.map(statementText).join('\n'));
  return result.ok ? result.document : undefined;
}

/** What is asked about: the definition of this step with the history of the last one. */
export function documentOf(
  definition: ClusterDocument,
  before: ClusterDocument | undefined,
  { attributes, marks, now }: Step,
): ClusterDocument {
  const fields = before?.fields ?? {
    crm_feature_set: '3.16.1',
    'validate-with': 'pacemaker-3.7',
    'have-quorum': '1',
    'dc-uuid': '1',
    epoch: '1',
    num_updates: '0',
    admin_epoch: '0',
  };
  const known = new Map(marked(before?.nodes ?? [], marks, now).map((node) => [node.id, node]));
  for (const { id, uname } of definition.configuration.nodes) {
    const wanted = attributes.filter(({ node }) => node === uname);
    const node = known.get(id) ?? { id, uname, isRemote: false, fields: {}, transient: [], resources: [] };
    if (wanted.length > 0) known.set(id, withAttributes(node, wanted));
  }
  return {
    ...definition,
    fields: { ...fields, 'execution-date': String(now) },
    nodes: [...known.values()],
    tickets: before?.tickets ?? [],
  };
}

function withAttributes(node: NodeHistory, wanted: readonly NodeAttribute[]): NodeHistory {
  const [first] = node.transient;
  const id = first?.id ?? `status-${node.id}`;
  const pairs = new Map((first?.pairs ?? []).map((pair) => [pair.name, pair]));
  for (const { name, value } of wanted)
    pairs.set(name, { id: `${id}-${name}`.replace(/[^\w.-]/g, '_'), name, value });
  const set: PairSet = { id, pairs: [...pairs.values()] };
  return { ...node, transientId: node.transientId ?? node.id, transient: [set, ...node.transient.slice(1)] };
}
