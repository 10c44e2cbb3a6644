import type { Observation, OperationName } from '../../../src/model/index.ts';
import type { Work } from '../agent-host.ts';
import { isTrue } from '../agent-lies.ts';
import type { Machine } from '../machine.ts';
import { ANY_LIE, Violation } from '../violation.ts';

const GOALS: Readonly<Partial<Record<OperationName, readonly Observation['state'][]>>> = {
  start: ['running', 'promoted'],
  promote: ['promoted'],
  demote: ['running', 'stopped'],
  stop: ['stopped'],
};

/**
 * What was seen counts always: no engine begins what it has done itself, as the last it has tried and seen there, and
 * what is still so. Whoever orders it again has lost a result, or has never waited for it.
 */
export function checkKnown(machine: Machine, work: Work): void {
  const known = machine.engine?.dealings.knownOf(work);
  if (known === undefined || GOALS[work.operation]?.includes(known.state) !== true) return;
  if (!isTrue(known, work, machine.kernel) || machine.unforeseen.isRecent(work, machine.time.now)) return;
  throw new Violation(
    'known',
    `${machine.name} begins ${work.operation} of ${work.agent}, which it has seen ${known.state}, and it is`,
    ANY_LIE,
  );
}
