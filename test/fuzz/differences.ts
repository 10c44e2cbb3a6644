import type { Case } from '../judge/cases.ts';
import type { Comparison } from '../judge/compare.ts';

/** Where we decide otherwise than Pacemaker 2.1.5 on purpose. */
export interface DeliberateDifference {
  readonly name: string;
  readonly reason: string;
  /** Exactly this difference and no other: the comparisons that are not equal, all of them. */
  readonly explains: (test: Case, comparisons: readonly Comparison[]) => boolean;
}

export const deliberateDifferences: readonly DeliberateDifference[] = [];

export const explanationOf = (test: Case, comparisons: readonly Comparison[]): string | undefined =>
  deliberateDifferences.find(({ explains }) => explains(test, comparisons))?.name;
