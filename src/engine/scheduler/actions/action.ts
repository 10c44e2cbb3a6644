import type { Node } from '../unpack/node.ts';
import type { Resource, Role } from '../unpack/resource.ts';

/** What happens when an operation fails. */
export type OnFail =
  | 'ignore'
  | 'block'
  | 'stop'
  | 'recover'
  | 'restart-container'
  | 'demote'
  | 'migrate'
  | 'standby'
  | 'fence'
  | 'reset-remote';

/**
 * How `first` and `then` hang together; several may hold for one pair. Pacemaker's names (include/crm/pengine) in
 * brackets, because its documentation and logs use them.
 */
export const LINK = {
  /** Only their sequence, where both happen (optional). */
  sequence: 0x1,
  /** The sequence counts only where `first` is not migrated (apply_first_non_migratable). */
  unlessFirstMigrates: 0x2,
  /** `then` happens: so must `first` (implies_first). */
  thenImpliesFirst: 0x10,
  /** `first` happens: so must `then` (implies_then). */
  firstImpliesThen: 0x20,
  /** thenImpliesFirst where `then`'s resource is promoted (promoted_implies_first). */
  promotedThenImpliesFirst: 0x40,
  /** `then` may migrate only if `first` can migrate too (implies_first_migratable). */
  thenImpliesFirstMigratable: 0x80,
  /** `then` can happen only if `first` can (runnable_left). */
  thenNeedsFirstRunnable: 0x100,
  /** `then` may be only pseudo if `first` can happen (pseudo_left). */
  pseudoThenIfFirstRunnable: 0x200,
  /** firstImpliesThen for what of `then` is on first's node (implies_then_on_node). */
  firstImpliesThenOnNode: 0x400,
  /** As thenNeedsFirstRunnable, but not where first's resource runs and is about to stop (probe). */
  probe: 0x800,
  /** `then` can happen if `first` need not or can happen (restart). */
  restart: 0x1000,
  /** Never at the same time, in whichever order (serialize_only). */
  serialize: 0x4000,
  /** Counts only where both are on the same node (same_node). */
  sameNode: 0x8000,
  /** `first` is shown where `then` happens, though it need not happen (implies_first_printed). */
  showFirst: 0x10000,
  /** and the other way (implies_then_printed). */
  showThen: 0x20000,
  /** One way only: not turned round for stops (asymmetrical). */
  asymmetrical: 0x100000,
  /** Frees capacity for what `then` starts (load). */
  load: 0x200000,
  /** `then` can happen if enough of its `first`s can (one_or_more). */
  oneOrMore: 0x400000,
  /** Because they must not be on one node (anti_colocation). */
  antiColocation: 0x800000,
  /** Kept whatever the containers say (preserve). */
  preserve: 0x1000000,
  /** `then` happens: `first` need not (then_cancels_first). */
  thenCancelsFirst: 0x2000000,
} as const;
export type LinkFlags = number;

export interface Link {
  readonly action: Action;
  flags: LinkFlags;
  /** The flags it was made with, whatever became of `flags`. */
  readonly given: LinkFlags;
  /** While the graph is written: this link is part of it. */
  isDrawn: boolean;
}

/**
 * One step that might be taken. Mutable while actions are made and ordered (phase four); nothing outside of that phase
 * changes it.
 */
export interface Action {
  /** In the order of creation, from 1. */
  readonly id: number;
  /** `drbd:0_promote_0`, `stonith-node1-reboot`, `group_running_0`: the key of equal actions, beside the node. */
  readonly key: string;
  /** start, stop, monitor, promote, demote, notify, migrate_to, migrate_from, running, stopped, promoted, demoted,
   * stonith, do_shutdown, clear_failcount, lrm_delete, cancel, reload-agent, ... */
  task: string;
  readonly interval: number;
  readonly resource: Resource | undefined;
  node: Node | undefined;
  cancelTask: string | undefined;
  priority: number;
  /** Why it (does not) happen(s), in Pacemaker's words: `node availability`, `required drbd:0 stop`, ... */
  reason: string | undefined;

  /** Nothing to carry out: it only holds others together. */
  isPseudo: boolean;
  isRunnable: boolean;
  /** It need not happen. */
  isOptional: boolean;
  isShownAlways: boolean;
  /** Done by the fencing of its node. */
  isImpliedByFencing: boolean;
  isMigrateRunnable: boolean;
  isDangling: boolean;
  requiresAny: boolean;
  isRescheduled: boolean;
  /** May be carried out by the controller in its node's stead. */
  mayRunOnController: boolean;
  /** Drawn into the graph. */
  isDrawn: boolean;
  /** Marks of walks over the graph. */
  isTracked: boolean;
  isDeduplicated: boolean;

  needs: 'nothing' | 'quorum' | 'fencing';
  onFail: OnFail;
  failRole: Role;
  /** The operation's meta attributes, timeout and start-delay in milliseconds among them. */
  meta: ReadonlyMap<string, string>;
  /** Beyond the resource's own parameters (for fencing, notifications, ...). */
  readonly extra: Map<string, string>;
  /** Of `oneOrMore` links: how many can happen, and how many must. */
  runnableBefore: number;
  requiredRunnableBefore: number;

  /** Inputs and outputs in the order in which they were linked (Pacemaker walks them newest first). The two ends of a
   * link are two objects, because the flags of an input may be taken back alone. */
  readonly before: Link[];
  readonly after: Link[];
}

/** An order between two resources' operations, or two actions; which actions those are is found when it is applied. */
export interface Ordering {
  readonly id: number;
  readonly first: OrderingEnd;
  readonly then: OrderingEnd;
  readonly flags: LinkFlags;
}

/** `action` where it is known already; otherwise the actions of `resource` whose key is `key` (`task` with interval). */
export interface OrderingEnd {
  readonly resource: Resource | undefined;
  readonly key: string | undefined;
  readonly action: Action | undefined;
}
