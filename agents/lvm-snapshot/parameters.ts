import * as z from 'zod';
import { taggedVolume } from '../lvm-command/thin-copy.ts';
import { volumeGroupName } from '../words.ts';

export const snapshotParameters = z.object({
  volumeGroup: volumeGroupName,
  volume: taggedVolume,
  /** Bytes that it is to have at least. */
  size: z.int().positive(),
  /** What it is made of; absent: it is there, and is only to be put away. */
  origin: taggedVolume.optional(),
  /** `lun`: it is activated, and stays so wherever the group is active. */
  use: z.enum(['snapshot', 'lun']).default('snapshot'),
});

export type SnapshotParameters = z.infer<typeof snapshotParameters>;
