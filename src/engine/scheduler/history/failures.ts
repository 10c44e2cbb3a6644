import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import type { Unpacked } from '../unpack/unpacked.ts';
import { areForgotten } from './blocking.ts';
import { recordedFailures } from './fail-counts.ts';

export interface CountOptions {
  /** Leave out what is older than failure-timeout. */
  readonly isEffective: boolean;
}

/**
 * How often a resource has failed on a node: the sum over its operations, up to infinity ("Pacemaker Explained",
 * failure counts). Instances of an anonymous clone count together.
 */
export function failCount(
  { input }: Pick<Unpacked, 'input'>,
  resource: Pick<Resource, 'id' | 'historyId' | 'isUnique' | 'failureTimeout'>,
  node: Pick<Node, 'attributes'>,
  { isEffective }: CountOptions,
): number {
  const failures = recordedFailures(input, resource, node);
  return isEffective && areForgotten(input.now, resource, failures) ? 0 : failures.count;
}
