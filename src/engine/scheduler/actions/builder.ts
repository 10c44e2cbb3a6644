import { invariant } from '../../../model/index.ts';
import type { Assigned } from '../assign/assigned.ts';
import { ROLE, type Resource, type Role } from '../unpack/resource.ts';
import type { Action, Link, LinkFlags, Ordering, OrderingEnd } from './action.ts';
import { createAction } from './create.ts';
import { settleUnplaced } from './unplaced.ts';
import { updateRequired, updateRunnable } from './feasible.ts';
import { matchingActions } from './find.ts';
import { requestMigrationEquivalents } from './equivalents.ts';
import type { ActionBuilder, ActionWanted } from './table.ts';

/**
 * An empty table of actions for one scheduling. Everything in it is found by resource and key, so that making one more
 * action costs the same however many there are.
 */
export function createBuilder(assigned: Assigned): ActionBuilder {
  const { unpacked } = assigned.scored;
  const all: Action[] = [];
  const byResource: Action[][] = unpacked.all.map(() => []);
  const byKey: Map<string, Action[]>[] = unpacked.all.map(() => new Map<string, Action[]>());
  const ofCluster = new Map<string, Action[]>();
  const singletons = new Map<string, Action>();
  const orderings: Ordering[] = [];
  const nextRoles: Role[] = unpacked.all.map((resource) => resource.nextRole);
  const children: (readonly Resource[])[] = assigned.assignments.map((assignment) => assignment.children);
  const abandoned = new Set<Resource>();
  let isAssigned = false;

  const keyed = (resource: Resource | undefined, key: string): readonly Action[] =>
    (resource === undefined ? ofCluster : byKey[resource.index])?.get(key) ?? [];

  const add = (wanted: ActionWanted): Action => {
    const action = createAction(unpacked, wanted, all.length + 1);
    if (!wanted.isSaved) return action;
    all.push(action);
    const { resource, key } = wanted;
    if (resource === undefined) singletons.set(key, action);
    else byResource[resource.index]?.push(action);
    const index = resource === undefined ? ofCluster : byKey[resource.index];
    const equal = index?.get(key);
    if (equal === undefined) index?.set(key, [action]);
    else equal.push(action);
    return action;
  };

  const builder: ActionBuilder = {
    assigned,
    all,
    singletons,
    orderings,
    keyed,
    of: (resource) => byResource[resource.index] ?? [],
    find: (resource, key, node) => matchingActions(builder, resource, key, node)[0],
    ensure: (wanted) => {
      const { resource, key, node, isOptional, isSaved } = wanted;
      const known = isSaved ? matchingActions(builder, resource, key, node)[0] : undefined;
      const action = known ?? add(wanted);
      updateRequired(builder, action, isOptional);
      if (resource !== undefined) updateRunnable(builder, action, resource, isSaved);
      return action;
    },
    link: createLink(),
    request: (first, then, flags) => {
      const ordering: Ordering = {
        id: orderings.length + 1,
        first: completeEnd(first),
        then: completeEnd(then),
        flags,
      };
      orderings.push(ordering);
      requestMigrationEquivalents(builder, ordering);
    },
    restarting: new Set(),
    reloading: new Set(),
    startPending: new Set(unpacked.all.filter((resource) => resource.isStartPending)),
    stopUnexpected: new Set(unpacked.all.filter((resource) => resource.isStopUnexpected)),
    abandonedMigrations: new Set(),
    condemned: new Map(),
    abandoned,
    notifications: new Map(),
    nextRole: (resource) => nextRoles[resource.index] ?? ROLE.unknown,
    setNextRole: (resource, role) => {
      nextRoles[resource.index] = role;
    },
    currentRole: (resource) =>
      (isAssigned ? assigned.assignments[resource.index]?.role : undefined) ?? resource.role,
    isManaged: (resource) =>
      (isAssigned ? assigned.assignments[resource.index]?.isManaged : undefined) ?? resource.isManaged,
    isUnclean: (node) => node.isUnclean || builder.condemned.has(node),
    adoptAssignment: () => {
      isAssigned = true;
      for (const [index, assignment] of assigned.assignments.entries()) {
        nextRoles[index] = assignment.nextRole;
        if (assignment.wasUnplaced) settleUnplaced(byResource[index] ?? []);
      }
    },
    destination: (resource) =>
      abandoned.has(resource) ? undefined : assigned.assignments[resource.index]?.node,
    childrenOf: (resource) => children[resource.index] ?? resource.children,
    setChildren: (resource, sorted) => {
      children[resource.index] = sorted;
    },
  };
  return builder;
}

/** Both resource and key of an action are known; whoever asks for an ordering need not tell them again. */
function completeEnd(end: OrderingEnd): OrderingEnd {
  if (end.action === undefined) return end;
  return {
    resource: end.resource ?? end.action.resource,
    key: end.key ?? end.action.key,
    action: end.action,
  };
}

/** Above this many links on both sides the pairs of an action are indexed instead of searched. */
const MANY = 32;

/** Links actions at once, never the same pair twice for the same thing. */
function createLink(): ActionBuilder['link'] {
  const pairs = new Map<Action, Map<Action, LinkFlags>>();

  const linked = (first: Action, then: Action): LinkFlags => {
    // Of the two ends the one with fewer links is searched: the start of a big group has thousands, its members few.
    if (then.before.length <= MANY) return union(then.before, first);
    if (first.after.length <= MANY) return union(first.after, then);
    let known = pairs.get(first);
    if (known === undefined) {
      known = new Map();
      for (const { action, given } of first.after) known.set(action, (known.get(action) ?? 0) | given);
      pairs.set(first, known);
    }
    return known.get(then) ?? 0;
  };

  return (first, then, flags) => {
    invariant(first !== then, 'an action is never ordered relative to itself');
    const existing = linked(first, then);
    if (flags === 0 || (existing & flags) !== 0) return false;
    first.after.push({ action: then, flags, given: flags, isDrawn: false });
    then.before.push({ action: first, flags, given: flags, isDrawn: false });
    pairs.get(first)?.set(then, existing | flags);
    return true;
  };
}

function union(links: readonly Link[], other: Action): LinkFlags {
  let flags = 0;
  for (const { action, given } of links) if (action === other) flags |= given;
  return flags;
}
