/** What is on a mirrored disk. */
export interface Image {
  hasVolumeGroup: boolean;
  /** Volumes with their sizes in bytes, by name. */
  readonly volumes: Map<string, number>;
  /** Those of them that take nothing of the volume group themselves. */
  readonly thin: Set<string>;
  /** Those of them that no activation takes: snapshots. */
  readonly putAway: Set<string>;
  /** What is on volumes, in a word, where somebody has written such a thing; copies have it too. */
  readonly contents: Map<string, string>;
  /** How full their pool is. */
  thinPercent: number;
  /** Their pool cannot be activated. */
  thinRefused: boolean;
  /** The number of the newest write to each block. */
  readonly blocks: Map<number, number>;
}

export const blankImage = (): Image => ({
  hasVolumeGroup: false,
  volumes: new Map(),
  thin: new Set(),
  putAway: new Set(),
  contents: new Map(),
  thinPercent: 0,
  thinRefused: false,
  blocks: new Map(),
});

export const copyImage = (from: Image): Image => ({
  hasVolumeGroup: from.hasVolumeGroup,
  volumes: new Map(from.volumes),
  thin: new Set(from.thin),
  putAway: new Set(from.putAway),
  contents: new Map(from.contents),
  thinPercent: from.thinPercent,
  thinRefused: from.thinRefused,
  blocks: new Map(from.blocks),
});

/** One change of the mirrored disk. */
export type Change = (image: Image) => unknown;
