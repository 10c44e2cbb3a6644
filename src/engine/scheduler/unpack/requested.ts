import type { Node } from './node.ts';
import type { Resource } from './resource.ts';

/**
 * What reading the history asks for by itself, before anything is decided; the fourth phase makes actions of it, in
 * the order found. `stop-not-needed`: stops asked for before on that node are not, because it is stopped there.
 * `forget`: its history there is to be erased.
 */
export interface RequestedAction {
  readonly kind: 'stop' | 'demote' | 'stop-not-needed' | 'forget';
  readonly resource: Resource;
  readonly node: Node;
  /** Whether it was managed when this was asked for: what is read later may change that, but not this. */
  readonly isRequired: boolean;
}
