import { lower } from '../rules/text.ts';

/** By name, without its case. */
export function findNode<Found extends { readonly name: string }>(
  from: { readonly nodes: readonly Found[] },
  name: string,
): Found | undefined {
  const wanted = lower(name);
  return from.nodes.find((node) => lower(node.name) === wanted);
}

/** By id, without its case. */
export function findNodeById<Found extends { readonly id: string }>(
  from: { readonly nodes: readonly Found[] },
  id: string,
): Found | undefined {
  const wanted = lower(id);
  return from.nodes.find((node) => lower(node.id) === wanted);
}
