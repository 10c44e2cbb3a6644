import { parseInterval, parseInteger } from '../engine/scheduler/rules/values.ts';
import type { Node } from '../engine/scheduler/unpack/node.ts';
import type { Resource } from '../engine/scheduler/unpack/resource.ts';
import type { Unpacked } from '../engine/scheduler/unpack/unpacked.ts';

/**
 * The interval, in milliseconds, of a monitor that watches a resource on a node: the last one that the history tells
 * of, else the first one that the definition asks for. `undefined`: nothing watches it.
 */
export const recurringMonitor = (unpacked: Unpacked, resource: Resource, node: Node): number | undefined => {
  const recorded = unpacked.histories
    .filter((history) => history.resource === resource && history.node === node)
    .flatMap(({ entries }) => entries)
    .filter(({ operation }) => operation === 'monitor')
    .map(({ fields }) => parseInteger(fields['interval']) ?? 0)
    .findLast((interval) => interval > 0);
  if (recorded !== undefined) return recorded;
  return resource.operations
    .filter(({ fields }) => fields['name'] === 'monitor')
    .map(({ fields }) => parseInterval(fields['interval']))
    .find((interval) => interval > 0);
};
