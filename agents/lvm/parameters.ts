import * as z from 'zod';
import { volumeGroupName } from '../words.ts';

export const lvmParameters = z.object({
  volumeGroup: volumeGroupName,
  /** It becomes a part of LVM's filter: no character with a meaning of its own there. */
  device: z.string().regex(/^\/dev\/[a-zA-Z0-9_/-]+$/),
});

export type LvmParameters = z.infer<typeof lvmParameters>;
