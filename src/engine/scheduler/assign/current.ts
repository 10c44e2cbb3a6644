import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';

/**
 * Where a resource is, if one node must be named: the source of a migration that is half done; else the first node
 * that is well, unless what runs on a lost node must not be started before that is fenced; else the first one.
 */
export function currentNode(resource: Resource): Node | undefined {
  const { partialMigrationSource: source, runningOn } = resource;
  if (source !== undefined) {
    // Only where it still runs there.
    if (runningOn.includes(source)) return source;
  } else if (!resource.needs.fencing) {
    const well = runningOn.find((node) => node.isOnline && !node.isUnclean);
    if (well !== undefined) return well;
  }
  return runningOn[0];
}
