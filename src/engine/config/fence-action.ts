import type { ClusterConfig, FenceAction, NodeName } from '../../model/index.ts';

/** What becomes of the node when it was fenced. */
export const fenceActionOf = ({ nodes, properties }: ClusterConfig, node: NodeName): FenceAction =>
  nodes[node]?.fenceAction ?? properties.fenceAction ?? 'reboot';
