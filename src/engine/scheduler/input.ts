import type { ClusterDocument } from '../../model/index.ts';

export interface ScheduleInput {
  readonly document: ClusterDocument;
  /** Seconds since 1970, UTC. Dates in rules, failure timeouts and the age of what is recorded count from here. */
  readonly now: number;
  /** Difference of local time from UTC in seconds, for the calendar fields of date rules. */
  readonly utcOffset: number;
  /** MD5 of the text's UTF-8 bytes in lower-case hex: how Pacemaker's histories record what an operation was started
   * with. A parameter, because the engine room has no cryptography of its own. */
  readonly md5: (text: string) => string;
  /** Keep every intermediate score (for people and for comparison); costs time and memory. */
  readonly withScores: boolean;
}
