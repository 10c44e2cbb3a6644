import type { Effect } from '../../../src/engine/index.ts';
import type { ClusterConfig } from '../../../src/model/index.ts';
import { Violation } from '../violation.ts';

interface Told {
  readonly kind: string;
  readonly action?: { readonly id: string; readonly node: string; readonly operation?: string };
}

/**
 * In maintenance nothing is done but to look: no controller orders anything else once it has heard of it. Of a step that
 * heard of it just now nobody can tell here what was ordered before.
 */
export function checkHandsOff(
  name: string,
  before: ClusterConfig,
  after: ClusterConfig,
  effect: Effect,
): void {
  if (effect.kind !== 'multicast' || !effect.payload.includes('"kind":"order"')) return;
  const { message } = JSON.parse(effect.payload.slice(effect.payload.indexOf('{'))) as {
    readonly message: Told;
  };
  const { kind, action } = message;
  if (kind !== 'order' || action === undefined || action.operation === 'monitor') return;
  if (isLeftAlone(before, action.node) && isLeftAlone(after, action.node))
    throw new Violation('maintenance', `${name} orders '${action.id}' in maintenance`);
}

const isLeftAlone = ({ properties, nodes }: ClusterConfig, node: string): boolean =>
  properties.maintenance === true || nodes[node]?.maintenance === true;
