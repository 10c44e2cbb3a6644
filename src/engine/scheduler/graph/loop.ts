import type { Action, Link } from '../actions/action.ts';
import type { ActionBuilder } from '../actions/table.ts';
import { belongsAsInput } from './inputs.ts';

/**
 * Whether `action`, waiting for this input, would wait for itself. Only links that will count in the graph are
 * followed; each action is looked at once, so that the cost is that of the links.
 */
export function createsLoop(builder: ActionBuilder, action: Action, link: Link): boolean {
  const seen = new Set<Action>();
  const waiting: { readonly action: Action; readonly link: Link }[] = [{ action, link }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const input = next.link.action;
    if (seen.has(input) || !belongsAsInput(builder, next.action, next.link)) continue;
    if (input === action) return true;
    seen.add(input);
    for (const before of input.before) waiting.push({ action: input, link: before });
  }
  return false;
}
