import type { FindingCode } from '../../../model/index.ts';
import type { ScoreDraft } from './draft.ts';

/** A finding about a constraint. */
export function complain(draft: ScoreDraft, id: string, code: FindingCode, message: string): void {
  draft.findings.push({ code, place: `constraint '${id}'`, message });
}
