import { z } from 'zod';
import type { PoolView, TargetView } from '../../model/index.ts';
import { portalAddressSchema, portalSchema, prefixRange } from './addresses.ts';
import { etagSchema } from './etag.ts';
import { describes } from './json.ts';
import { nameSchema } from './names.ts';

const prefixSchema = z
  .int('must be a prefix length: a whole number')
  .min(prefixRange[0], `must be at least ${prefixRange[0]}`)
  .max(prefixRange[1], `must be at most ${prefixRange[1]}`);

/** As the API is asked; the address stands in the address. */
export const PortalPut = z.strictObject({
  prefix: prefixSchema.meta({
    description: 'Length of the network’s part, the same as that of the nodes’ own addresses there',
  }),
});

/** As the engine is asked. */
export const PortalAdd = z
  .strictObject({ name: nameSchema, address: portalAddressSchema, prefix: prefixSchema })
  .superRefine(({ address, prefix }, context) => {
    const fits = portalSchema.safeParse(`${address}/${prefix}`);
    for (const { message } of fits.error?.issues ?? [])
      context.addIssue({ code: 'custom', path: ['address'], message });
  });

export const Target = describes<TargetView>()(
  z
    .object({
      name: z.string(),
      etag: etagSchema,
      iqn: z.string(),
      pool: z.string(),
      portals: z.array(
        z.object({
          address: z.string(),
          prefix: z.int(),
          state: z.enum(['active', 'inactive', 'removing']),
          connections: z.int().meta({ description: 'Of hosts, as its node last saw them (every 10 s)' }),
        }),
      ),
      luns: z.int().meta({ description: 'How many are reached through it' }),
      servedBy: z.string().optional(),
      initiators: z.array(z.string()).meta({ description: 'That are logged in now' }),
    })
    .meta({ id: 'Target' }),
);

const size = z.int().optional();
const time = z.number().meta({ description: 'Milliseconds since 1970-01-01 UTC' });

const split = z.object({
  since: time,
  apart: time.optional().meta({ description: 'Since when they have differed; absent: nobody knows' }),
  relation: z.enum(['split', 'unrelated']).meta({
    description: 'unrelated: they have no past in common, and one of the disks has to be made new',
  }),
  discarding: z
    .string()
    .optional()
    .meta({ description: 'The node whose changes are being discarded; absent: nobody has chosen' }),
  copies: z.array(
    z.object({
      node: z.string(),
      serves: z.boolean(),
      disk: z.string(),
      connection: z.string(),
      differs: z
        .int()
        .optional()
        .meta({ description: 'Bytes written there since they parted; absent: it cannot be known just now' }),
      hosts: z.array(z.string()).optional().meta({
        description: 'Those that are connected through it, and so may have written; absent: not known',
      }),
    }),
  ),
});

const bytesOf = (what: string) => z.int().meta({ description: `Bytes that ${what}` });

const Thin = z.object({
  state: z.enum(['ok', 'full', 'broken']).meta({
    description:
      'full: a write that needs a new block fails; broken: no write is taken until its metadata was repaired',
  }),
  size: bytesOf('all thin LUNs share now'),
  reachable: bytesOf('they could share if they took all that is free of the pool'),
  usedPercent: z.int().meta({ description: 'Of `reachable`' }),
  metadataPercent: z.int(),
  provisioned: bytesOf('all thin LUNs may come to together'),
});

export const Pool = describes<PoolView>()(
  z
    .object({
      name: z.string(),
      etag: etagSchema,
      state: z.enum(['new', 'ready']),
      preferredNode: z.string().optional(),
      primary: z.string().optional(),
      disks: z.record(z.string(), z.string()).meta({ description: 'By node: what its copy is worth' }),
      split: split
        .optional()
        .meta({ description: 'Each copy has data that the other lacks; absent: it is not so' }),
      size: size.meta({ description: 'Bytes; absent while it is active on no node' }),
      free: size.meta({ description: 'Bytes that no LUN has, and that thin LUNs do not share' }),
      thin: Thin.optional().meta({ description: 'What thin LUNs share; absent: there never was one' }),
    })
    .meta({ id: 'Pool' }),
);
