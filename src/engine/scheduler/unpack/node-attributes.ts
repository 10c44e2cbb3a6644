import type { PairSet } from '../../../model/index.ts';
import type { Draft, DraftNode } from './draft.ts';
import { mergePairs } from './pairs.ts';

/**
 * Adds attributes to a node, and what every node has: `#uname`, `#id`, `#is_dc`, `#cluster-name`, `#site-name`.
 * Permanent attributes come first and do not replace each other; transient ones do replace (`overwrite`).
 */
export function addNodeAttributes(
  draft: Draft,
  node: DraftNode,
  sets: readonly PairSet[],
  overwrite: boolean,
): void {
  const { attributes } = node;
  attributes.set('#uname', node.name);
  attributes.set('#id', node.id);
  attributes.set('#is_dc', node.isController ? 'true' : 'false');
  const clusterName = draft.settings.properties.get('cluster-name');
  if (clusterName !== undefined) attributes.set('#cluster-name', clusterName);
  mergePairs(draft.pairs, 'parameters', sets, {}, attributes, { overwrite });
  if (!attributes.has('#site-name')) {
    const site = attributes.get('site-name') ?? clusterName;
    if (site !== undefined) attributes.set('#site-name', site);
  }
}
