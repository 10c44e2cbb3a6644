import type { RequestTerms } from '../../model/index.ts';
import { canonical, keyRecord, repeated } from '../config/index.ts';
import { change, reply } from './draft.ts';
import type { EngineRequest } from './input.ts';
import type { Draft } from './state.ts';
import { pend } from './submit.ts';
import type { Terms } from './terms.ts';

/** Keeps the terms until the request is answered. `true`: it was carried out under its key before, and is answered so. */
export function takeTerms(draft: Draft, id: number, request: EngineRequest): boolean {
  const terms = termsOf(draft, request);
  if (terms === undefined) return false;
  change(draft, { terms: { ...draft.state.terms, [id]: terms } });
  const { current } = draft.state.config;
  const before = repeated(current, terms.key);
  if (before === undefined) return false;
  if (!before.ok) {
    reply(draft, id, before);
    return true;
  }
  const { subject = '' } = (terms.key && keyRecord(current, terms.key.key)) ?? {};
  const { revision } = current;
  // Answered when what was carried out is on all disks, like the request itself.
  pend(draft, id, { kind: request.kind, waitsFor: { kind: 'entry', entry: '', revision, subject } });
  return true;
}

function termsOf(draft: Draft, { kind, body, terms }: EngineRequest): Terms | undefined {
  if (terms?.ifMatch === undefined && terms?.key === undefined) return undefined;
  const { ifMatch, key }: RequestTerms = terms;
  return {
    ...(ifMatch && { ifMatch }),
    ...(key !== undefined && { key: { key, request: draft.digest(canonical([kind, body])) } }),
  };
}
