import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import type { Action } from './action.ts';
import type { ActionTable } from './table.ts';

/**
 * The actions with this key, oldest first; where a node is given, those on it. An action that has no node yet matches
 * too and is on that node from then on.
 */
export function matchingActions(
  table: ActionTable,
  resource: Resource | undefined,
  key: string,
  node?: Node,
): readonly Action[] {
  const found = table.keyed(resource, key);
  if (node === undefined || found.length === 0) return found;
  const matching: Action[] = [];
  // The newest is looked at first: that is the sequence in which nodes are adopted.
  for (let index = found.length - 1; index >= 0; index -= 1) {
    const action = found[index];
    if (action === undefined) continue;
    action.node ??= node;
    if (action.node === node) matching.push(action);
  }
  return matching.reverse();
}

/** The actions with this key on this very node, oldest first; none where no node is given. */
export function exactActions(
  table: ActionTable,
  resource: Resource,
  key: string,
  node: Node | undefined,
): readonly Action[] {
  if (node === undefined) return [];
  return table.keyed(resource, key).filter((action) => action.node === node);
}

/** The newest action of this task; on this node where one is given. */
export function newestAction(
  table: ActionTable,
  resource: Resource,
  task: string,
  node?: Node,
): Action | undefined {
  const actions = table.of(resource);
  for (let index = actions.length - 1; index >= 0; index -= 1) {
    const action = actions[index];
    if (action?.task === task && (node === undefined || action.node === node)) return action;
  }
  return undefined;
}
