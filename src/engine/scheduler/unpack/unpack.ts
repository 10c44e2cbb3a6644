import { readStatus } from '../history/status.ts';
import type { ScheduleInput } from '../input.ts';
import { readDefinition } from './definition.ts';
import type { Unpacked } from './unpacked.ts';

function earlier(left: number | undefined, right: number | undefined): number | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return Math.min(left, right);
}

/**
 * The first phase: reads definition and history into the shape in which the others look things up. Never fails: what
 * cannot be understood becomes a finding, and the rest counts.
 */
export function unpack(input: ScheduleInput): Unpacked {
  const draft = readDefinition(input);
  readStatus(draft);
  return { ...draft, recheckAt: earlier(draft.recheckAt, draft.evaluation.recheckAt) };
}
