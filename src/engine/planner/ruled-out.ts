import type { NodeName, ResourceId } from '../../model/index.ts';
import type { Facts } from './facts.ts';
import type { Stacking } from './stacking.ts';

/**
 * Nobody has looked, nor can: its node's engine is gone, or has not told what it knows. But something that it stands on
 * there was seen stopped, and nothing is begun on a node without an engine: so it does not run there either. Where it
 * waited for that node, addresses would come up without it elsewhere, and tell hosts that their disk is gone.
 */
export function isRuledOut(
  seen: Facts['seen'],
  { foundations }: Stacking,
  resource: ResourceId,
  node: NodeName,
): boolean {
  const below = new Set(foundations(resource));
  for (const id of below) {
    const { state } = seen(id, node);
    if (state === 'stopped') return true;
    if (state === 'unknown') for (const deeper of foundations(id)) below.add(deeper);
  }
  return false;
}
