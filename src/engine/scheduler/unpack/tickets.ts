import { isTrue } from '../rules/values.ts';
import type { Draft } from './draft.ts';

/** Which tickets this site has been granted, as the history tells. */
export function readTickets(draft: Draft): void {
  for (const { id, fields } of draft.input.document.tickets) {
    draft.tickets.set(id, { isGranted: isTrue(fields['granted']), isStandby: isTrue(fields['standby']) });
  }
}
