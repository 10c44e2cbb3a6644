import type { Sign } from '../phases.ts';
import type { Signs } from '../stack.ts';

/** What Pacemaker 2.1's daemons write to the journal; each node tells the results of its own operations. */
export function pacemakerSigns(taker: string, other: string): Signs {
  const done = (operation: string, resource: string, node: string): RegExp =>
    new RegExp(`Result of ${operation} operation for ${resource} on ${node}: ok`);
  const taken: readonly Sign[] = [
    { phase: 'noticed', says: new RegExp(`Node ${other} state is now lost`), which: 'first' },
    { phase: 'fenced', says: new RegExp(`Peer ${other} was terminated \\(`), which: 'first' },
    { phase: 'promoted', says: done('promote', 'drbd(?::\\d+)?', taker), which: 'first' },
    { phase: 'activated', says: done('start', 'volumes', taker), which: 'last' },
    { phase: 'exported', says: done('start', 'lun-\\d+', taker), which: 'last' },
    { phase: 'addressed', says: done('start', 'address-\\d+-\\d+', taker), which: 'first' },
  ];
  const released: Sign = { phase: 'released', says: done('demote', 'drbd(?::\\d+)?', other), which: 'last' };
  return { taker: taken, other: [released] };
}
