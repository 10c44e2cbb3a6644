/** Of the parameters of one operation as they are defined now. */
export interface Digests {
  readonly all: string;
  readonly secure: string;
  /** `undefined` where the history has none to compare with. */
  readonly restart: string | undefined;
  /** The operation has parameters of its own. */
  readonly hasExtra: boolean;
}

/**
 * By resource, operation and node. The first record of an operation that is compared decides which digests are made,
 * and those count for its other records, too: as in Pacemaker, whose answer may depend on it.
 */
export type DigestsMade = Map<string, Digests>;
