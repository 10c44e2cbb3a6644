import { z } from 'zod';

/** Names that the kernel gives in the order it finds disks: another disk after the next boot. */
const unstableDisk = /^\/dev\/(?:sd|vd|hd|xvd|nvme|mmcblk|dm-|md)\w*$/;

export const diskSchema = z
  .string()
  .max(255, 'must be at most 255 characters')
  .regex(/^\/dev(?:\/[A-Za-z0-9_+@:=.-]+)+$/, 'must be the path of a disk below /dev')
  .refine((path) => !path.split('/').includes('..'), 'must not contain ..')
  .refine(
    (path) => !unstableDisk.test(path),
    'must be a name that stays the same, such as /dev/disk/by-id/...',
  );
