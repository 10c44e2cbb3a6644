import { z } from 'zod';
import { diskSchema } from './disk.ts';
import { fenceDevicesOf, type fenceSchema } from './fence-device.ts';

/** What nodes that are fenced by SBD share. */
export const sbdSchema = z.strictObject({
  disks: z
    .array(
      diskSchema.refine(
        (path) => !/^\/dev\/drbd/.test(path),
        'must not be a disk of DRBD: SBD has to work where replication does not',
      ),
    )
    .refine(
      ({ length }) => length === 1 || length === 3,
      'must be one disk or three: of two neither is a majority, so that the loss of either would stop fencing',
    )
    .refine((paths) => new Set(paths).size === paths.length, 'must not name a disk twice'),
  watchdog: z
    .string()
    .regex(/^\/dev\/watchdog[0-9]*$/, 'must be a watchdog such as /dev/watchdog')
    .optional(),
  watchdogTimeout: z.int().min(2, 'must be at least 2 s').max(120, 'must be at most 120 s').optional(),
});

/** sbd's default, and what a call needs beside the disks' msgwait. Seconds. */
const WATCHDOG_TIMEOUT = 5;
const LEAST_MARGIN = 5;

interface Node {
  readonly name: string;
  readonly disk: string;
  readonly fence: z.output<typeof fenceSchema>;
}

export function sbdContradictions(
  nodes: readonly Node[],
  sbd: z.output<typeof sbdSchema> | undefined,
): { path: string; message: string }[] {
  const devices = nodes.map(({ name, disk, fence }) => ({
    name,
    disk,
    own: fenceDevicesOf(fence).filter(({ kind }) => kind === 'sbd'),
  }));
  const users = devices.filter(({ own }) => own.length > 0);
  if (sbd === undefined)
    return users.map(({ name }) => ({
      path: 'sbd',
      message: `the fence device sbd of ${name} needs the section sbd with its disks`,
    }));
  if (users.length === 0)
    return [
      { path: 'sbd', message: 'the section sbd is used by no node: give one fence device of kind sbd' },
    ];
  const wait = 2 * (sbd.watchdogTimeout ?? WATCHDOG_TIMEOUT);
  return devices.flatMap(({ name, disk, own }) => [
    ...(own.length > 1 ? [{ path: 'nodes', message: `${name} has two fence devices of kind sbd` }] : []),
    ...own
      .filter(({ timeout }) => timeout !== undefined && timeout < wait + LEAST_MARGIN)
      .map(() => ({
        path: 'nodes',
        message: `the timeout of the fence device sbd of ${name} must be at least ${wait + LEAST_MARGIN} s: a message is waited for ${wait} s, twice the watchdog's time`,
      })),
    ...(sbd.disks.includes(disk)
      ? [{ path: 'sbd', message: `${disk} is the disk of ${name} that is mirrored` }]
      : []),
  ]);
}
