import { LINK, type Action, type Link } from '../actions/action.ts';
import type { ActionBuilder } from '../actions/table.ts';

/** Flags that only tell a sequence or what is to be shown: they change nothing about whether something happens. */
const HARMLESS = LINK.sequence | LINK.showFirst | LINK.showThen;

/**
 * One link for each input, in the order of the inputs' creation. Once for each action, when all orderings are applied:
 * what the single flags meant cannot be told apart any more afterwards.
 */
export function mergeInputs(action: Action): void {
  if (action.isDeduplicated) return;
  action.isDeduplicated = true;
  if (action.before.length < 2) {
    for (const link of action.before) link.isDrawn = false;
    return;
  }
  const merged = new Map<Action, Link>();
  for (const link of action.before) {
    const known = merged.get(link.action);
    if (known === undefined) {
      link.isDrawn = false;
      merged.set(link.action, link);
    } else {
      known.flags |= link.flags;
      known.isDrawn ||= link.isDrawn;
    }
  }
  const links = [...merged.values()].sort((a, b) => a.action.id - b.action.id);
  action.before.splice(0, action.before.length, ...links);
}

/**
 * Whether an action becomes part of the graph: it is required and can be carried out. Of unmanaged resources only
 * monitors, and the end of recurring ones, do.
 */
export function belongsInGraph(builder: ActionBuilder, action: Action): boolean {
  if (!action.isRunnable) return false;
  if (action.isOptional && !action.isShownAlways) return false;
  const { resource, node } = action;
  const isOfUnmanaged = resource !== undefined && !builder.isManaged(resource);
  if (isOfUnmanaged && action.task !== 'monitor' && action.interval === 0) return false;
  if (action.isPseudo || action.task === 'stonith' || action.task === 'do_shutdown') return true;
  if (node === undefined) return false;
  if (action.mayRunOnController) return true;
  return node.isOnline && !builder.isUnclean(node);
}

/**
 * Whether `action` has to wait for an input. Links that turn out not to count (capacity freed on another node, or that
 * need not be freed) are switched off on the way.
 */
export function belongsAsInput(builder: ActionBuilder, action: Action, link: Link): boolean {
  if (link.isDrawn) return true;
  if (link.flags === 0) return false;
  const input = link.action;
  if (!input.isRunnable && !countsThoughUnrunnable(link)) return false;
  if (input.isMigrateRunnable && isOffWhereMigrated(link)) return false;
  if (link.flags === LINK.load || link.flags === LINK.antiColocation) {
    if (!meetsOnNode(builder, action, link)) link.flags = 0;
    return link.flags !== 0;
  }
  if (isStopOfAbandoned(builder, action, input)) return false;
  return !input.isOptional || input.isShownAlways || input.isDrawn;
}

/** An input that cannot be carried out counts only where that changes what follows. */
function countsThoughUnrunnable(link: Link): boolean {
  const never = LINK.oneOrMore | LINK.thenImpliesFirstMigratable;
  return (link.flags & ~HARMLESS) !== 0 && (link.flags & never) === 0;
}

/** Stops that are part of a migration hold up nobody who only wants a sequence. */
function isOffWhereMigrated(link: Link): boolean {
  if ((link.flags & LINK.unlessFirstMigrates) !== 0) return true;
  return link.flags === LINK.sequence && link.action.key.endsWith('_stop_0');
}

/** Freed capacity and negative colocation matter on one and the same node only, and only where something happens. */
function meetsOnNode(builder: ActionBuilder, action: Action, link: Link): boolean {
  const input = link.action;
  if (link.flags === LINK.antiColocation) {
    if (input.isOptional) return false;
    return input.node === undefined || action.node === undefined || input.node === action.node;
  }
  if (input.node === undefined) return false;
  if (action.resource !== undefined && action.task === 'migrate_to') {
    // A migration takes up capacity where it leads to, not where it is carried out.
    return input.node === builder.destination(action.resource);
  }
  return input.node === action.node && !input.isOptional;
}

/** A failed resource that nobody manages is never stopped; a clone that waited for it would wait for ever. */
function isStopOfAbandoned(builder: ActionBuilder, action: Action, input: Action): boolean {
  return (
    input.resource !== undefined &&
    input.resource !== action.resource &&
    input.resource.isFailed &&
    !builder.isManaged(input.resource) &&
    input.key.endsWith('_stop_0') &&
    action.resource?.kind === 'clone'
  );
}
