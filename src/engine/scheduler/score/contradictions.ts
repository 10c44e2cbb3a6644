import { ROLE, type Role } from '../unpack/resource.ts';
import { INFINITY } from './arithmetic.ts';
import type { ScoreDraft } from './draft.ts';
import type { Colocation } from './scored.ts';

const mayMeet = (left: Role, right: Role): boolean =>
  left === right || left <= ROLE.started || right <= ROLE.started;

/** Two things that must, and must not, be together: the one that follows can run nowhere while the other one runs. */
export function noteContradictoryColocations(draft: ScoreDraft): void {
  const absolute = new Map<string, Colocation[]>();
  // Two large sets make millions of colocations; mostly none of them keeps anything apart.
  const apart = new Set(
    draft.colocations.flatMap(({ score, dependent }) => (score <= -INFINITY ? dependent : [])),
  );
  for (const colocation of draft.colocations) {
    if (!apart.has(colocation.dependent) || Math.abs(colocation.score) < INFINITY) continue;
    const key = `${colocation.dependent.index} ${colocation.primary.index} ${colocation.nodeAttribute}`;
    const known = absolute.get(key);
    if (known === undefined) absolute.set(key, [colocation]);
    else known.push(colocation);
  }
  for (const alike of absolute.values()) {
    const against = alike.find(({ score }) => score < 0);
    const inFavour =
      against &&
      alike.find(
        ({ score, primaryRole, dependentRole }) =>
          score > 0 &&
          mayMeet(primaryRole, against.primaryRole) &&
          mayMeet(dependentRole, against.dependentRole),
      );
    if (inFavour === undefined) continue;
    draft.findings.push({
      code: 'contradictory_scores',
      place: `constraint '${against?.id ?? ''}'`,
      message: `'${inFavour.dependent.id}' must be with '${inFavour.primary.id}' ('${inFavour.id}') and must not; it may not`,
    });
  }
}
