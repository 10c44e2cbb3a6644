import * as z from 'zod';
import { blockDevicePath } from '../words.ts';

export const sbdParameters = z.object({
  /** As it is called on the disks. */
  node: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9.-]{0,62}$/),
  /** Each with the UUID in its header. One or three: of two neither is a majority. */
  disks: z
    .record(blockDevicePath, z.uuid())
    .refine((disks) => [1, 3].includes(Object.keys(disks).length), 'one disk or three'),
  /** What is written to put it out: `reset` where it is to come back by itself. */
  message: z.enum(['reset', 'off']).default('reset'),
});

export type SbdParameters = z.output<typeof sbdParameters>;

/** Disks that nobody may have written to yet. */
export const sbdAccess = z.object({ disks: z.array(blockDevicePath).min(1).max(3) });
