import type { Sign } from '../phases.ts';
import type { Signs } from '../stack.ts';

/** The engine's own sentences in keelsond's journal; every node tells what became of every order. */
export function keelsonSigns(taker: string, other: string): Signs {
  const succeeded = (operation: string, resource: string, node: string): RegExp =>
    new RegExp(`event: ${operation} of ${resource}-\\S+ on ${node} succeeded$`);
  const signs: readonly Sign[] = [
    { phase: 'noticed', says: new RegExp(`event: ${other} is lost `), which: 'first' },
    { phase: 'fenced', says: new RegExp(`event: ${other} is off: `), which: 'first' },
    { phase: 'released', says: succeeded('demote', 'drbd', other), which: 'last' },
    { phase: 'promoted', says: succeeded('promote', 'drbd', taker), which: 'first' },
    { phase: 'activated', says: succeeded('start', 'lvm', taker), which: 'last' },
    { phase: 'exported', says: succeeded('start', 'lun', taker), which: 'last' },
    { phase: 'addressed', says: succeeded('start', 'address', taker), which: 'first' },
  ];
  return { taker: signs, other: [] };
}
