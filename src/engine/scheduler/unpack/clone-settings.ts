import { isTrue, parseCount } from '../rules/values.ts';
import type { Draft, DraftResource } from './draft.ts';
import type { CloneSettings } from './resource.ts';
import type { Source } from './source.ts';
import { report } from './report.ts';

/** 0 where it is set but makes no sense. */
function count(value: string | undefined, fallback: number): number {
  return value === undefined ? fallback : parseCount(value, 0);
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
