import { isTrue, parseInteger } from '../rules/values.ts';
import type { Draft, DraftResource } from './draft.ts';
import type { CloneSettings } from './resource.ts';
import type { Source } from './source.ts';
import { report } from './report.ts';

/**
 * More instances than any cluster has room for: each costs time and memory, even if it can run nowhere.
 * `check-values.ts` tells of what is beyond.
 */
export const MOST_INSTANCES = 5000;

/**
 * The fallback where it is set but makes no sense. Pacemaker takes 0 then, and stops every instance: what runs well is
 * not stopped here for a number that nobody can understand.
 */
function count(value: string | undefined, fallback: number): number {
  const number = parseInteger(value);
  if (number === undefined || number < 0) return fallback;
  return Math.min(number, MOST_INSTANCES);
}

/**
 * How many instances a clone has and where ("Pacemaker Explained", clone options). Completes the clone's meta
 * attributes with what its instances inherit: uniqueness, and a stickiness of 1 so that instances do not change places
 * for nothing.
 */
export function readClone(draft: Draft, clone: DraftResource, source: Source): CloneSettings {
  const { meta } = clone;
  const { isPromotable } = clone;
  const promotedMax = meta.get('promoted-max') ?? meta.get('master-max');
  const promotedNodeMax = meta.get('promoted-node-max') ?? meta.get('master-node-max');
  let nodeMax = count(meta.get('clone-node-max'), 1);
  if (nodeMax > 1 && !clone.isUnique) {
    report(
      draft.pairs,
      'bad_value',
      `resource '${clone.id}' clone-node-max`,
      'Instances that are not unique run once on a node; 1 counts',
    );
    nodeMax = 1;
  }
  if (!meta.has('resource-stickiness')) meta.set('resource-stickiness', '1');
  if (!meta.has('globally-unique')) meta.set('globally-unique', String(clone.isUnique));
  return {
    max: count(meta.get('clone-max'), Math.max(1, draft.nodes.length)),
    nodeMax,
    promotedMax: isPromotable ? count(promotedMax, 1) : 0,
    promotedNodeMax: isPromotable ? count(promotedNodeMax, 1) : 0,
    isInterleaved: isTrue(meta.get('interleave')),
    isOrdered: isTrue(meta.get('ordered')),
    minimum: count(meta.get('clone-min'), 0),
    childId: source.child?.id ?? '',
  };
}
