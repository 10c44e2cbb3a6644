import type { Draft } from '../unpack/draft.ts';

/** Schedule again by `moment` (seconds since 1970), unless something else asks for it earlier. */
export function noteMoment(draft: Draft, moment: number): void {
  if (moment <= draft.input.now) return;
  if (draft.recheckAt === undefined || moment < draft.recheckAt) draft.recheckAt = moment;
}
