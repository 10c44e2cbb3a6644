import type { OnFail } from '../actions/action.ts';
import type { Draft, DraftResource } from '../unpack/draft.ts';
import type { Catalogue } from './catalogue.ts';
import type { Operation } from './operation.ts';
import type { Records } from './records.ts';

/** What reading the status needs at every step. */
export interface Reading {
  readonly draft: Draft;
  readonly catalogue: Catalogue;
  readonly records: Records;
  /** Those of which a stop was asked for. */
  readonly stopping: Set<DraftResource>;
  /** Marks of the failed operations that were told of. */
  readonly told: Set<string>;
}

/** What is remembered from one operation to the next while a resource's records on one node are gone through. */
export interface Course {
  /** What the failures so far call for; the gravest one counts. */
  onFail: OnFail;
  lastFailure: Operation | undefined;
}
