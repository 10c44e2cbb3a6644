import type { NodeIntent } from '../../model/index.ts';

/** A node as far as Corosync's links go. */
export interface LinkedNode {
  readonly cluster: string;
  readonly replication?: string;
  readonly links?: readonly string[];
}

/** The first three numbers: prefix lengths are not part of a cluster file, and /24 is what nearly everybody has. */
const subnetOf = (address: string): string => address.split('.').slice(0, 3).join('.');

/**
 * The addresses of each node on each of Corosync's links, in the order of the links: the cluster network, the
 * replication network where it is another subnet on every node, then the `links` of the cluster file. A second link
 * over the same wire would fail together with the first, and would only look like safety.
 */
export function linksOf<Node extends LinkedNode>(
  nodes: readonly Node[],
): readonly { readonly node: Node; readonly addresses: readonly string[] }[] {
  const isReplicationApart = nodes.every(
    ({ cluster, replication }) => replication !== undefined && subnetOf(replication) !== subnetOf(cluster),
  );
  return nodes.map((node) => ({
    node,
    addresses: [
      node.cluster,
      ...(isReplicationApart && node.replication !== undefined ? [node.replication] : []),
      ...(node.links ?? []),
    ],
  }));
}

/** The nodes with their addresses by Corosync's link number. */
export const linkPeers = (
  nodes: readonly NodeIntent[],
): readonly { readonly id: number; readonly name: string; readonly addresses: readonly string[] }[] =>
  linksOf(nodes).map(({ node: { id, name }, addresses }) => ({ id, name, addresses }));
