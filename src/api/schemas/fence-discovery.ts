import { z } from 'zod';
import type { DiscoverySettings, DiscoveryView } from '../../model/index.ts';
import { addressSchema } from './addresses.ts';
import { diskSchema } from './disk.ts';
import {
  byCommunity,
  byUser,
  familySchema,
  hasBoth,
  hasItsKey,
  hypervisor,
  ipmiUser,
} from './fence-device.ts';
import { describes } from './json.ts';
import { nameSchema } from './names.ts';

const port = (usual: number) => z.int().min(1).max(65_535).default(usual);

const unit = {
  kind: z.literal('pdu'),
  address: addressSchema,
  port: port(161),
  family: familySchema.default('apc'),
};

/** A fence device as in a cluster file, without what it is to say itself: outlets, machine, slots. */
const Access = describes<DiscoverySettings>()(
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('ipmi'), address: addressSchema, port: port(623), ...ipmiUser }),
    z.discriminatedUnion('version', [
      z.strictObject({ ...unit, ...byCommunity }),
      z.strictObject({ ...unit, ...byUser }).refine(...hasItsKey),
    ]),
    z.strictObject(hypervisor).refine(...hasBoth),
    z.strictObject({
      kind: z.literal('sbd'),
      disks: z.array(diskSchema).min(1, 'must be one disk at least').max(3, 'must be at most 3 disks'),
    }),
  ]),
);

export const FenceDiscover = z.strictObject({
  device: Access,
  nodes: z
    .array(nameSchema)
    .max(32)
    .optional()
    .meta({ description: 'For whom something is looked for; the nodes of the cluster by default' }),
});

export const Discovery = describes<DiscoveryView>()(
  z.object({
    about: z.string(),
    outlets: z.array(
      z.object({ name: z.string(), id: z.string().optional(), power: z.enum(['on', 'off']).optional() }),
    ),
    proposals: z.array(
      z.object({
        node: z.string(),
        fence: z
          .record(z.string(), z.union([z.string(), z.number(), z.array(z.string())]))
          .meta({ description: 'Part of its `fence` in a cluster file; the credentials are not repeated' }),
      }),
    ),
    notes: z.array(z.string()),
  }),
);
