import * as z from 'zod';
import { taggedVolume } from '../lvm-command/thin-copy.ts';
import { iscsiName, volumeGroupName, volumeName } from '../words.ts';

export const lunParameters = z.object({
  iqn: iscsiName,
  lun: volumeName,
  number: z.int().min(0).max(16383),
  serial: z.string().regex(/^[0-9a-f]{32}$/),
  volumeGroup: volumeGroupName,
  /** Bytes, whole extents. */
  size: z.int().positive(),
  /** Its blocks come out of the group's thin pool as they are written. */
  thin: z.literal(true).optional(),
  /** Where its data is since it was rolled back; absent: in the volume that has its name. */
  volume: z
    .string()
    .regex(/^keelson_snap_[0-9a-f]{32}$/)
    .optional(),
  /** Of a clone that is being made: the volume that it is made of. */
  origin: taggedVolume.optional(),
  initiators: z.array(iscsiName),
  /** Those of them that cannot write. */
  readOnly: z.array(iscsiName).default([]),
});

export type LunParameters = z.infer<typeof lunParameters>;

export const volumeOf = ({ volume, lun }: LunParameters): string => volume ?? lun;

export const backstoreName = ({ lun }: LunParameters): string => `keelson_${lun}`;
