import { z } from 'zod';
import type { ReplyOf, SetupView as View } from '../../model/index.ts';
import { addressSchema } from './addresses.ts';
import { ClusterFile } from './cluster-file.ts';
import { DoctorReport } from './doctor.ts';
import { describes } from './json.ts';
import { joinSecretSchema, nameSchema } from './names.ts';

/** What is wrong with a code is told by `join_code_wrong`, with more words than a schema has. */
const codeSchema = z.string().min(1).max(100).meta({
  description: 'What `keelson cluster join-code` printed on the other node',
});

const hex = (length: number) =>
  z
    .string()
    .length(length)
    .regex(/^[0-9a-f]*$/, 'must be lower-case hex digits');

export const JoinCodeAsk = z
  .strictObject({
    address: addressSchema.optional().meta({
      description:
        'Where the other node reaches this one; otherwise that of a card for management, or of the default route',
    }),
  })
  .optional();

export const JoinCodeShown = describes<ReplyOf<'cluster.join-code'>>()(
  z.object({
    node: z.string(),
    code: z.string().meta({ description: 'Secret' }),
    address: z.string(),
    validUntil: z.number().meta({ description: 'Milliseconds since 1970-01-01 UTC' }),
  }),
);

export const SetupLook = z.strictObject({
  code: codeSchema.optional(),
  file: ClusterFile.optional().meta({
    description: 'What is planned: then its disks, addresses and ways are looked at closely, on both nodes',
  }),
});

export const SetupJoin = z.strictObject({ code: codeSchema, node: nameSchema });

/** Between nodes: who asks proves that it has the join code, and never sends it. */
export const SetupInvited = z.strictObject({
  nonce: hex(32),
  proof: hex(64),
  order: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('hello') }),
    z.strictObject({
      kind: z.literal('look'),
      asker: addressSchema.optional(),
      file: ClusterFile.optional(),
    }),
    z.strictObject({ kind: z.literal('join'), address: addressSchema, secret: joinSecretSchema }),
  ]),
});

export const Invited = describes<ReplyOf<'setup.invited'>>()(z.object({ answer: z.string() }));

const Machine = z.object({
  node: z.string(),
  version: z.string(),
  virtual: z.string().optional().meta({ description: 'As systemd-detect-virt calls it; absent on metal' }),
  addresses: z.array(
    z.object({
      card: z.string(),
      address: z.string(),
      prefix: z.int(),
      speed: z.number().optional().meta({ description: 'Mbit/s' }),
    }),
  ),
  ipv6: z
    .array(z.object({ card: z.string(), address: z.string(), prefix: z.int() }))
    .optional()
    .meta({ description: 'Global and unique local ones; absent: it has none' }),
  disks: z.array(
    z.object({
      path: z.string().optional().meta({ description: 'A name that stays the same; absent: it has none' }),
      device: z.string(),
      size: z.int().meta({ description: 'Bytes' }),
      taken: z
        .string()
        .optional()
        .meta({ description: 'Why it cannot be mirrored; absent: it seems to carry nothing' }),
    }),
  ),
});

export const SetupView = describes<View>()(
  z.object({
    machine: Machine,
    other: Machine.optional().meta({ description: 'Absent where no code was given' }),
    diagnoses: DoctorReport.shape.diagnoses,
  }),
);
