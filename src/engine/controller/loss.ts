import type { ClusterConfig, ConfigLoss } from '../../model/index.ts';
import { differences, type KnownChange } from '../config/index.ts';
import type { ConfigState, Stored } from './state.ts';

/** Without its time, which the daemon gives it. */
export type Loss = Omit<ConfigLoss, 'at'>;

/** So many revisions back it can be told where two lines of configurations part. */
const TRAIL = 500;
/** Told in a record of what was lost, so that its size is bounded. */
const DIFFERENCES_KEPT = 1000;
/** Enough to tell lines apart, where everything behind it is checked by the whole hash. */
const MARK = 16;

export const markOf = (revision: number, hash: string): Stored => ({ revision, hash: hash.slice(0, MARK) });

export const trailAfter = (trail: readonly Stored[], mark: Stored): readonly Stored[] =>
  [...trail, mark].slice(-TRAIL);

export const changesAfter = (changes: readonly KnownChange[], change: KnownChange): readonly KnownChange[] =>
  [...changes, change].slice(-TRAIL);

/**
 * The last revision that this node's line and the winner's share; later ones of this node are undone. `unknown`: this
 * node has been away for longer than the winner's trail reaches back, which says nothing of a loss.
 */
export function lastShared(own: readonly Stored[], winner: readonly Stored[]): number | 'unknown' {
  const theirs = new Map(winner.map(({ revision, hash }) => [revision, hash]));
  const shared = own.findLast(({ revision, hash }) => theirs.get(revision) === hash);
  if (shared !== undefined) return shared.revision;
  const oldest = winner[0]?.revision ?? 0;
  const newest = winner.at(-1)?.revision ?? 0;
  const ownOldest = own[0]?.revision ?? 0;
  if ((own.at(-1)?.revision ?? 0) < oldest) return 'unknown';
  // The lines part before what either remembers.
  return ownOldest > newest ? newest : Math.max(oldest, ownOldest) - 1;
}

/** What is undone on this node where the winner's configuration takes over; undefined where nothing is. */
export function lossBy(before: ConfigState, after: ClusterConfig, shared: number): Loss | undefined {
  const undone = before.current.revision - shared;
  if (undone <= 0) return undefined;
  const changes = before.changes.filter(({ revision }) => revision > shared);
  const times = undone === 1 ? 'one change' : `${undone} changes`;
  return {
    reason: `${times} of this node, after revision ${shared}, had not reached the node whose configuration counts`,
    before: before.current.revision,
    after: after.revision,
    changes: changes.map(({ revision, at, by, what }) => ({ revision, at, by, what })),
    differences: differences(before.current, after).slice(0, DIFFERENCES_KEPT),
  };
}

/** Nobody has what stood behind the damaged place: it may have been acknowledged, and nobody can say what it was. */
export const lossByDamage = ({ revision }: ClusterConfig): Loss => ({
  reason: `what this node's disk held after revision ${revision} cannot be read, and no other node has anything newer`,
  before: revision,
  after: revision,
  changes: [],
  differences: [],
});
