/** What is on a mirrored disk. */
export interface Image {
  hasVolumeGroup: boolean;
  /** Volumes with their sizes in bytes, by name. */
  readonly volumes: Map<string, number>;
  /** The number of the newest write to each block. */
  readonly blocks: Map<number, number>;
}

export const blankImage = (): Image => ({ hasVolumeGroup: false, volumes: new Map(), blocks: new Map() });

export const copyImage = (from: Image): Image => ({
  hasVolumeGroup: from.hasVolumeGroup,
  volumes: new Map(from.volumes),
  blocks: new Map(from.blocks),
});

/** One change of the mirrored disk. */
export type Change = (image: Image) => unknown;
