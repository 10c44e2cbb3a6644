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

/** Finds resources by their id, or by the one that the history has for them; the one met first counts. */
export function resourceFinder<Found extends { readonly id: string; readonly historyId: string | undefined }>(
  all: readonly Found[],
): (id: string) => Found | undefined {
  const byId = new Map<string, Found>();
  for (const resource of all) {
    for (const id of [resource.id, resource.historyId]) {
      if (id !== undefined && !byId.has(id)) byId.set(id, resource);
    }
  }
  return (id) => byId.get(id);
}
