import { evaluateRules } from '../rules/rule.ts';
import { unpackColocation } from './colocation.ts';
import { complain } from './complain.ts';
import type { ScoreDraft } from './draft.ts';
import { unpackLocation } from './location.ts';
import { unpackTicket } from './ticket.ts';

/** Reads location, colocation and ticket constraints; a constraint whose lifetime is over, or has not begun, is left out. */
export function readConstraints(draft: ScoreDraft): void {
  const { configuration, evaluation } = draft.unpacked;
  for (const constraint of configuration.constraints) {
    if (constraint.id === '') {
      complain(draft, '', 'missing_field', 'A constraint without an id; it is left out');
      continue;
    }
    if (constraint.lifetime !== undefined && !evaluateRules(evaluation, constraint.lifetime.rules, {})) {
      continue;
    }
    switch (constraint.kind) {
      case 'location':
        unpackLocation(draft, constraint);
        break;
      case 'colocation':
        unpackColocation(draft, constraint);
        break;
      case 'ticket':
        unpackTicket(draft, constraint);
        break;
      case 'order':
        // Orders are read by the fifth phase.
        break;
    }
  }
}
