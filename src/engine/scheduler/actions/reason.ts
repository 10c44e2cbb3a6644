import type { Action } from './action.ts';

/** Says why; what was said before stays unless `overwrites`. */
export function setReason(action: Action, reason: string | undefined, overwrites: boolean): void {
  if (action.reason === undefined || overwrites) action.reason = reason;
}

/** The reason that one action gives to others, in Pacemaker's words: `required drbd:0 stop`, `unrunnable web start`. */
export function reasonFrom(action: Action, change: 'unrunnable' | 'required'): string {
  return action.resource === undefined
    ? `${change} ${action.task}`
    : `${change} ${action.resource.id} ${action.task}`;
}
