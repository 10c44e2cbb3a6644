import * as z from 'zod';
import { blockDevicePath, ipv4Address, poolName, tcpPort } from '../words.ts';

const nodeName = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9.-]{0,63}$/);

export const drbdParameters = z
  .object({
    pool: poolName,
    minor: z.int().min(0).max(1048575),
    port: tcpPort,
    // It stands between quotes in a file that drbdadm reads.
    sharedSecret: z.string().regex(/^[a-zA-Z0-9+/=_-]{16,64}$/),
    fresh: z.boolean(),
    patience: z.number().min(1).max(100),
    // The disk of a node that takes the place of another one, in the replacement of that mark.
    renew: z
      .object({
        node: nodeName,
        mark: z.string().regex(/^[a-zA-Z0-9.-]{1,128}$/),
        bytes: z.string().regex(/^[0-9]{1,16}$/),
        overwrite: z.enum(['yes', 'no']),
      })
      .optional(),
    // For `reconnect`; with `discard`, the generations of the peer that the changes are discarded in favour of.
    reconnect: z
      .object({
        discard: z.enum(['yes', 'no']),
        peer: z
          .string()
          .regex(/^[0-9A-F:]{1,128}$/i)
          .optional(),
      })
      .optional(),
    disks: z.record(nodeName, blockDevicePath),
    addresses: z.record(nodeName, ipv4Address),
  })
  .refine(
    ({ disks, addresses }) =>
      Object.keys(disks).length === 2 && Object.keys(disks).every((node) => addresses[node] !== undefined),
    'disks and addresses must name the same two nodes',
  );

export type DrbdParameters = z.infer<typeof drbdParameters>;
