import type { ClusterDocument, HistoryEntry, NodeHistory } from '../../model/index.ts';
import type { EngineState } from '../controller/state.ts';
import { SAME_PARAMETERS } from '../planner/history-entry.ts';
import { documentOf } from '../planner/document.ts';
import { readFacts } from '../planner/facts.ts';

/** MD5 of an empty set of parameters, as histories record it: the document has no parameters. */
const NO_PARAMETERS = 'f2317cad3d54cec5d7d7aa7d0bf35cf8';

const DIGESTS: readonly string[] = ['op-digest', 'op-restart-digest'];

/**
 * The cluster as the planner hands it to the scheduler, for people and for other schedulers: definition and status,
 * without parameters and so without secrets. What the appliance asks for beyond the scheduler is not in it.
 */
export function clusterDocument({ config, status }: EngineState): ClusterDocument {
  const facts = readFacts({ blueprint: config.blueprint, config: config.current, status });
  const document = documentOf(facts);
  return { ...document, nodes: document.nodes.map(withDigests) };
}

const withDigests = (node: NodeHistory): NodeHistory => ({
  ...node,
  resources: node.resources?.map((resource) => ({
    ...resource,
    operations: resource.operations.map(withDigest),
  })),
});

const withDigest = (entry: HistoryEntry): HistoryEntry => ({
  ...entry,
  fields: Object.fromEntries(
    Object.entries(entry.fields).map(([name, value]) => [
      name,
      value === SAME_PARAMETERS && DIGESTS.includes(name) ? NO_PARAMETERS : value,
    ]),
  ),
});
