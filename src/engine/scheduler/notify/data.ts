import type { ActionBuilder } from '../actions/table.ts';
import { compareNames } from '../rules/values.ts';
import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import type { Entry, Situation } from './collect.ts';
import type { NotificationData } from './notification.ts';

/** An agent sees a single blank where there is nothing to list. */
const NOTHING = ' ';

/**
 * What agents are told: lists of instances and of nodes, separated by blanks (Pacemaker Explained, "Clone resource
 * agents: notify": `OCF_RESKEY_CRM_meta_notify_start_resource`, ...; the older words master and slave too).
 */
export function notificationData(
  builder: ActionBuilder,
  clone: Resource,
  situation: Situation,
): NotificationData {
  const data = new Map<string, string>();
  for (const task of ['stop', 'start', 'demote', 'promote'] as const) {
    add(data, [task], situation.actions[task]);
  }
  add(data, ['active'], situation.active);
  add(data, ['unpromoted', 'slave'], situation.unpromoted);
  add(data, ['promoted', 'master'], situation.promoted);
  data.set('notify_inactive_resource', list(distinct(situation.inactive).map(idOf)));
  const assigned = builder.assigned;
  const allowed = [...(assigned.assignments[clone.index]?.scores.keys() ?? [])];
  allowed.sort((a, b) => compareNames(a.name, b.name));
  data.set('notify_available_uname', list(allowed.map(nameOf)));
  data.set('notify_all_uname', list(assigned.scored.unpacked.nodes.map(nameOf)));
  return data;
}

function add(data: Map<string, string>, words: readonly string[], entries: readonly Entry[]): void {
  const placed = distinct(entries.filter((entry) => entry.node !== undefined));
  const resources = list(placed.map(idOf));
  const nodes = list(placed.map((entry) => entry.node?.name ?? ''));
  for (const word of words) {
    data.set(`notify_${word}_resource`, resources);
    data.set(`notify_${word}_uname`, nodes);
  }
}

/** One entry for each name, in the order of names; instances of an anonymous clone's orphans may share one. */
function distinct(entries: readonly Entry[]): Entry[] {
  const sorted = entries.toSorted(
    (a, b) => compareText(a.resource.id, b.resource.id) || compareText(a.node?.id ?? '', b.node?.id ?? ''),
  );
  return sorted.filter((entry, index) => entry.resource.id !== sorted[index - 1]?.resource.id);
}

function idOf(entry: Entry): string {
  return entry.resource.id;
}

function nameOf(node: Node): string {
  return node.name;
}

function list(words: readonly string[]): string {
  return words.length === 0 ? NOTHING : words.join(' ');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
