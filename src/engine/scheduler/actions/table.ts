import type { Assigned } from '../assign/assigned.ts';
import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import type { Action, LinkFlags, Ordering, OrderingEnd } from './action.ts';

/** All actions of one scheduling, and the orderings between them; read-only for everybody after the fourth phase. */
export interface ActionTable {
  readonly assigned: Assigned;
  /** In the order of creation. */
  readonly all: readonly Action[];
  /** The actions of one resource (not of its children), in the order of creation. */
  readonly of: (resource: Resource) => readonly Action[];
  /** The action with this key, on this node if one is given. */
  readonly find: (resource: Resource, key: string, node: Node | undefined) => Action | undefined;
}

export interface ActionWanted {
  readonly resource: Resource | undefined;
  /** See `actionKey`. */
  readonly key: string;
  readonly task: string;
  readonly node: Node | undefined;
  /** Not required by itself; finding an equal action that is wanted makes it required. */
  readonly isOptional: boolean;
  /** `false`: looked up or tried out only; not added to the table. */
  readonly isSaved: boolean;
}

/** The fourth phase's tool: makes and finds actions, remembers orderings. */
export interface ActionBuilder extends ActionTable {
  /** The equal action there is already, or a new one; flags are worked out anew as Pacemaker's custom_action does. */
  readonly ensure: (wanted: ActionWanted) => Action;
  /** One action for the whole cluster with this key (fencing), or a new one. */
  readonly singletons: Map<string, Action>;
  /** Orders two actions at once. `false`: a link with the same flags was there. */
  readonly link: (first: Action, then: Action, flags: LinkFlags) => boolean;
  /** Remembers an ordering; it is applied when all actions are known. */
  readonly request: (first: OrderingEnd, then: OrderingEnd, flags: LinkFlags) => void;
  readonly orderings: readonly Ordering[];
  /** Resources with flags that only this phase knows. */
  readonly restarting: Set<Resource>;
  readonly reloading: Set<Resource>;
  readonly startPending: Set<Resource>;
  /** A node that was found unclean only now (a stop that cannot work, ...), with the reason. */
  readonly condemned: Map<Node, string>;
}
