import { z } from 'zod';
import { weights, type DoctorReport as Report, type ReplyOf } from '../../model/index.ts';
import { addressSchema } from './addresses.ts';
import { diskSchema } from './disk.ts';
import { describes } from './json.ts';
import { nameSchema } from './names.ts';

const hexSchema = z.string().regex(/^[0-9a-f]*$/, 'must be lower-case hex digits');

/** Between nodes: who asks proves that it has the key of the cluster, and never sends it. */
export const Examine = z.strictObject({
  node: nameSchema,
  nonce: hexSchema.length(32),
  proof: hexSchema.length(64),
});

export const Examined = describes<ReplyOf<'doctor.examine'>>()(z.object({ examination: z.string() }));

/** Without a body, no disk is looked at closely. */
export const Doctor = z
  .strictObject({
    node: nameSchema.optional().meta({ description: 'Only this one; all of them where none is named' }),
    peer: addressSchema.optional().meta({
      description: 'Of the machine that is to be the other node, while there is no cluster',
    }),
    disks: z.array(diskSchema).max(16, 'must be at most 16 disks').optional().meta({
      description: 'Of the node asked: that are to be mirrored, and are looked at closely',
    }),
  })
  .optional();

export const DoctorReport = describes<Report>()(
  z
    .object({
      at: z.number().meta({ description: 'Milliseconds since 1970-01-01 UTC' }),
      by: z.string(),
      clusterName: z.string().optional().meta({ description: 'Absent before there is a cluster' }),
      nodes: z.array(z.object({ node: z.string(), examined: z.boolean() })),
      diagnoses: z.array(
        z.object({
          code: z.string().meta({ description: 'Of docs/doctor.md, or of a problem of the status' }),
          weight: z.enum(weights),
          node: z.string().optional().meta({ description: 'Absent: it is of the cluster' }),
          found: z.string(),
          why: z.string(),
          mend: z.string(),
        }),
      ),
      verdicts: z
        .array(z.object({ node: z.string(), survives: z.boolean(), because: z.array(z.string()) }))
        .meta({ description: 'For each node: whether its loss now would be survived, and why' }),
    })
    .meta({ id: 'DoctorReport' }),
);
