import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import type { Unpacked } from '../unpack/unpacked.ts';
import { equalsIgnoringCase, lower } from '../rules/text.ts';

/** What the ids in constraints stand for. */
export interface Finder {
  /**
   * The resource that a constraint means by this id. What is known to the history under that name counts too; the
   * instance of a clone that is found like this stands for the whole clone.
   */
  readonly resource: (id: string | undefined) => Resource | undefined;
  /** What a tag stands for, or what is made from a template; `undefined` where it is neither or stands for nothing. */
  readonly tagged: (id: string) => readonly string[] | undefined;
  /** By name, without its case. */
  readonly node: (name: string) => Node | undefined;
}

export function createFinder(unpacked: Unpacked): Finder {
  const resources = new Map<string, Resource>();
  const remember = (resource: Resource): void => {
    if (!resources.has(resource.id)) resources.set(resource.id, resource);
    if (resource.historyId !== undefined && !resources.has(resource.historyId)) {
      resources.set(resource.historyId, resource);
    }
    for (const child of resource.children) remember(child);
  };
  for (const resource of unpacked.resources) remember(resource);

  const nodes = new Map<string, Node>();
  for (const node of unpacked.nodes) if (!nodes.has(lower(node.name))) nodes.set(lower(node.name), node);

  return {
    resource: (id) => {
      const found = id === undefined ? undefined : resources.get(id);
      return found === undefined || equalsIgnoringCase(found.id, id) ? found : topOf(found);
    },
    tagged: (id) => {
      const references = unpacked.tags.get(id);
      return references === undefined || references.length === 0 ? undefined : references;
    },
    node: (name) => nodes.get(lower(name)),
  };
}

/** The resource at the very top: the group or clone around it, or itself. */
export function topOf(resource: Resource): Resource {
  let top = resource;
  while (top.parent !== undefined) top = top.parent;
  return top;
}
