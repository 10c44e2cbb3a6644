import type { NodeName, ResourceId } from '../../model/index.ts';
import type { Definition, Facts } from './facts.ts';
import { policyOf } from './policy.ts';
import type { Stacking } from './stacking.ts';

/**
 * What could not be looked at is held to run where all that it stands on does, and only there: so it is stopped before
 * that is taken from under it, and otherwise left in peace. An address that nobody can see would stay up over a target
 * whose LUNs are gone, and tell hosts that their disks are. Only where nothing stands on it in turn, since a foundation
 * that nobody can see bears nothing; a stop that is not needed changes nothing. What somebody else is asked to decide
 * (`on-fail` of the monitor) is not decided here.
 */
export function isPresumed(
  { seen, usable, untouchable, input }: Pick<Facts, 'seen' | 'usable' | 'untouchable' | 'input'>,
  stacking: () => Stacking,
  { id, kind }: Pick<Definition, 'id' | 'kind'>,
  node: NodeName,
): boolean {
  const isUp = (resource: ResourceId, where: NodeName): boolean =>
    ['running', 'promoted'].includes(seen(resource, where).state);
  const { state, failures } = seen(id, node);
  if (kind !== 'primitive' || state !== 'unknown' || failures?.operation !== 'monitor') return false;
  if (policyOf(input.config, id).onFail?.monitor !== undefined) return false;
  const { foundations, followers } = stacking();
  const below = foundations(id);
  return (
    below.length > 0 &&
    followers(id).length === 0 &&
    below.every((resource) => isUp(resource, node)) &&
    ![...usable, ...untouchable].some((other) => other !== node && isUp(id, other))
  );
}
