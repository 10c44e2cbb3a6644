import type { Finding } from '../../../model/index.ts';
import type { Transition } from './transition.ts';

/** What every phase found wrong with the input, in the order of the phases. */
export function findingsOf(transition: Transition): Finding[] {
  const { ordered } = transition;
  const { scored } = ordered.assigned;
  return [...scored.unpacked.findings, ...scored.findings, ...ordered.findings];
}
