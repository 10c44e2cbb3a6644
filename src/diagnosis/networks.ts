import type { ClusterConfig, NodeName } from '../model/index.ts';

/** The node's own addresses, by what they are for. */
export function networksOf(
  node: NodeName,
  config: ClusterConfig,
): readonly { readonly network: string; readonly address: string }[] {
  const own = config.nodes[node];
  if (own === undefined) return [];
  return [
    { network: 'management', address: own.management },
    { network: 'cluster', address: own.cluster },
    { network: 'replication', address: own.replication },
    ...(own.links ?? []).map((address, index) => ({ network: `link ${index + 1}`, address })),
  ];
}
