import type { Colocation } from '../score/scored.ts';
import { byDependent, byPrimary, insertColocation } from '../score/colocation-order.ts';
import type { Resource } from '../unpack/resource.ts';
import { breakChain } from './chain.ts';
import { draftOf, type AssignDraft, type ResourceDraft } from './draft.ts';

export { hasInfluence } from './influence.ts';

/** From now on the resource follows the colocation's primary. */
export function addThisWith(draft: AssignDraft, resource: Resource, colocation: Colocation): void {
  const own = draftOf(draft, resource);
  forget(own);
  insertColocation(own.thisWith, colocation, byPrimary);
}

/** From now on the colocation's dependent follows the resource. */
export function addWithThis(draft: AssignDraft, resource: Resource, colocation: Colocation): void {
  const own = draftOf(draft, resource);
  breakChain(draft, own);
  forget(own);
  insertColocation(own.withThis, colocation, byDependent);
}

/** Whom it is together with must be found out anew. */
function forget({ together }: ResourceDraft): void {
  if (together !== undefined) together.isStale = true;
}
