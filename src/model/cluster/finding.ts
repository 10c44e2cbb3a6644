/** Something wrong in a cluster's definition or history. The rest is still scheduled; what runs well goes on. */
export interface Finding {
  /** Stable; see `findingCodes`. */
  readonly code: FindingCode;
  /** Where: an id, or a path such as `location 'lo1' rule 'r1'`. */
  readonly place: string;
  /** A sentence: what was found and what is done about it. */
  readonly message: string;
  /** Of the text it was read from; both from 1. */
  readonly line?: number;
  readonly column?: number;
}

/** Every code with what it means; documentation is made from this. */
export const findingCodes = {
  syntax_error: 'The text is not well formed; nothing of it was taken.',
  unknown_element: 'A part with an unknown name; it is left out.',
  missing_field: 'A field that must be there is not.',
  duplicate_id: 'Two things have one id; the first one counts.',
  unknown_reference: 'Something refers to what does not exist; the reference is left out.',
  bad_value: 'A value that cannot be understood; the default counts.',
  number_out_of_range: 'A number beyond what counts; the nearest possible one is taken.',
  order_cycle: 'Order constraints run in a circle; what stands in it waits for itself and is not started.',
  contradictory_scores: 'Infinite scores for and against the same thing; against wins.',
  unknown_operation: 'An operation that nobody knows; it is left out.',
  unknown_feature_set:
    'The history was written by a version that is not known; it is read as far as it goes.',
  invalid_resource: 'A resource that cannot be understood; it is left out.',
  invalid_constraint: 'A constraint that cannot be understood; it is left out.',
} as const satisfies Record<string, string>;

export type FindingCode = keyof typeof findingCodes;
