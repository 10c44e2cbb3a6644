import type { InstanceStatus } from '../../model/index.ts';
import { definitionOf } from '../executor/definitions.ts';
import { changeNode } from './draft.ts';
import type { Draft } from './state.ts';

/**
 * What the configuration names no more and is down for sure is not told of any more. Every node does so at the same entry
 * of the log. What still runs somewhere, or could not be stopped, stays until that is over.
 */
export function forgetGone(draft: Draft): void {
  const isGone = ([resource, { observation, failures }]: [string, InstanceStatus]): boolean =>
    definitionOf(draft.state, resource) === undefined &&
    failures === undefined &&
    observation !== 'unknown' &&
    observation.state === 'stopped';
  for (const [name, { instances }] of Object.entries(draft.state.status.nodes)) {
    const known = Object.entries(instances);
    if (!known.some(isGone)) continue;
    const left = Object.fromEntries(known.filter((each) => !isGone(each)));
    changeNode(draft, name, (status) => ({ ...status, instances: left }));
  }
}
