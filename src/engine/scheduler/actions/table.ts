import type { Assigned } from '../assign/assigned.ts';
import type { CloneNotifications } from '../notify/notification.ts';
import type { Node } from '../unpack/node.ts';
import type { Resource, Role } from '../unpack/resource.ts';
import type { Action, LinkFlags, Ordering, OrderingEnd } from './action.ts';

/** All actions of one scheduling, and the orderings between them; read-only for everybody after the fourth phase. */
export interface ActionTable {
  readonly assigned: Assigned;
  /** In the order of creation. */
  readonly all: readonly Action[];
  /** The actions of one resource (not of its children), in the order of creation. */
  readonly of: (resource: Resource) => readonly Action[];
  /** The actions with this key, in the order of creation; without a resource: those of nodes and the cluster. */
  readonly keyed: (resource: Resource | undefined, key: string) => readonly Action[];
  /** The oldest action with this key, on this node if one is given; one without a node adopts the given one. */
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
  /** What is told to a clone's instances, by clone; filled by `planNotification`. */
  readonly notifications: Map<Resource, CloneNotifications>;
  /** The role it will have; never `unknown`. */
  readonly nextRole: (resource: Resource) => Role;
  readonly setNextRole: (resource: Resource, role: Role) => void;
  /** The role it has, as phases three and four see it. */
  readonly currentRole: (resource: Resource) => Role;
  /** Still managed after phases three and four. */
  readonly isManaged: (resource: Resource) => boolean;
  /** To be fenced, known from the start or found since. */
  readonly isUnclean: (node: Node) => boolean;
  /** From now on roles and what is managed are those of the third phase, not those of the first. */
  readonly adoptAssignment: () => void;
  /** Where it shall be; undefined: nowhere. Primitives only. */
  readonly destination: (resource: Resource) => Node | undefined;
  /** Members or instances in the order in which Pacemaker's list of them stands at this moment. */
  readonly childrenOf: (resource: Resource) => readonly Resource[];
  readonly setChildren: (resource: Resource, children: readonly Resource[]) => void;
  /** Primitives that lose their place while orderings are applied: nothing is left for them to run with. */
  readonly abandoned: Set<Resource>;
  /** Resources whose migration under way cannot go on: it counts as none. */
  readonly abandonedMigrations: Set<Resource>;
  /** Active too often, and kept on the node where it is expected to be (multiple-active=stop_unexpected). */
  readonly stopUnexpected: Set<Resource>;
}
