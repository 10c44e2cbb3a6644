import type { NodeName, ResourceId } from '../../model/index.ts';
import type { Definition, Facts } from './facts.ts';

/** Too many failures; what runs well in spite of them is left alone. That it does not grow, or meet its peer, tells nothing of its start. */
export function isWornOut(
  { seen }: Pick<Facts, 'seen'>,
  { id, primitive }: Definition,
  node: NodeName,
): boolean {
  const { state, failures } = seen(id, node);
  return (
    state !== 'running' &&
    state !== 'promoted' &&
    failures !== undefined &&
    failures.operation !== 'grow' &&
    failures.operation !== 'reconnect' &&
    failures.count >= primitive.migrationThreshold
  );
}

/** It runs, and could not be brought to its definition too often. */
export function reloadsInVain(
  { seen, definition }: Pick<Facts, 'seen' | 'definition'>,
  id: ResourceId,
  node: NodeName,
): boolean {
  const { failures } = seen(id, node);
  const threshold = definition.get(id)?.primitive.migrationThreshold ?? 0;
  return failures?.operation === 'reload' && failures.count >= threshold;
}

/**
 * Whether others move for its sake. What has no influence stays stopped where it failed too often, and the scheduler is
 * not told of its failures: in Pacemaker `influence=false` keeps them from counting only while the others run already.
 */
export function hasInfluence({ colocations }: Pick<Facts, 'colocations'>, id: ResourceId): boolean {
  const own = colocations.get(id) ?? [];
  return own.length === 0 || own.some(({ influence }) => influence);
}
