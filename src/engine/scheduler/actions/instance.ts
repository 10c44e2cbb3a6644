import type { Resource } from '../unpack/resource.ts';

/** The number of a clone's instance: 2 of `drbd:2`. */
export function instanceNumber(instance: Resource): number {
  return Number(instance.id.slice(instance.id.lastIndexOf(':') + 1)) || 0;
}
