import type { DraftResource } from '../unpack/draft.ts';

const INSTANCE = /:[0-9]+$/;

/** `drbd` for `drbd:0`. */
export function withoutInstance(name: string): string {
  // Most names have none, and there are many names.
  return name.includes(':') ? name.replace(INSTANCE, '') : name;
}

/** `drbd:0` for `drbd` and `drbd:1`. */
export function firstInstance(name: string): string {
  return `${withoutInstance(name)}:0`;
}

/** The outermost resource that `resource` is part of. */
export function topOf(resource: DraftResource): DraftResource {
  let top = resource;
  while (top.parent !== undefined) top = top.parent;
  return top;
}

/** What a result on one node is about: all of an anonymous clone, whose instances are interchangeable. */
export function concerned(resource: DraftResource): DraftResource {
  return resource.isUnique ? resource : topOf(resource);
}
