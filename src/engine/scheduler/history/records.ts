import type { ClusterDocument, HistoryEntry, ResourceHistory } from '../../../model/index.ts';

/** The records by node and resource, as written; made where a migration has to be looked at from both ends. */
export interface Records {
  readonly of: (node: string, resource: string) => readonly ResourceHistory[];
}

type ByResource = Map<string, ResourceHistory[]>;

function gather(document: ClusterDocument): ReadonlyMap<string, ByResource> {
  const nodes = new Map<string, ByResource>();
  for (const { uname, resources } of document.nodes) {
    if (uname === undefined || resources === undefined) continue;
    const byResource = nodes.get(uname) ?? new Map<string, ResourceHistory[]>();
    nodes.set(uname, byResource);
    for (const history of resources) {
      const known = byResource.get(history.id);
      if (known === undefined) byResource.set(history.id, [history]);
      else known.push(history);
    }
  }
  return nodes;
}

export function recordsOf(document: ClusterDocument): Records {
  let nodes: ReadonlyMap<string, ByResource> | undefined;
  return {
    of: (node, resource) => {
      nodes ??= gather(document);
      return nodes.get(node)?.get(resource) ?? [];
    },
  };
}

/** A resource's records on a node, where there is one list of them only. */
export function onlyHistory(records: Records, node: string, resource: string): ResourceHistory | undefined {
  const found = records.of(node, resource);
  return found.length === 1 ? found[0] : undefined;
}

/** The one record that fits; where several do, nobody can tell which is meant. */
export function findEntry(
  records: Records,
  node: string,
  resource: string,
  fits: (entry: HistoryEntry) => boolean,
): HistoryEntry | undefined {
  const found = records.of(node, resource).flatMap(({ operations }) => operations.filter(fits));
  return found.length === 1 ? found[0] : undefined;
}
