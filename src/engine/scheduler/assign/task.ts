import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';

/** Another resource is to be assigned before the task can go on. */
export interface Wish {
  readonly resource: Resource;
  readonly prefer: Node | undefined;
}

/** The assignment of one resource, in steps: gives wishes, is told where what it wished for was assigned. */
export type Task = Generator<Wish, Node | undefined, Node | undefined>;
