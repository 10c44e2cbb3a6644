import { z } from 'zod';
import { PASSPHRASE } from '../../model/index.ts';
import { diskSchema } from './disk.ts';
import { addressSchema } from './addresses.ts';
import { ClusterFile, witnessSchema } from './cluster-file.ts';
import { joinSecretSchema, lunNameSchema, nameSchema, resourceSchema, snapshotNameSchema } from './names.ts';
import { parseSize } from './size.ts';

const sizeSchema = z
  .union([z.number(), z.string()], 'must be a number of bytes or a text such as "10G"')
  .transform((size, context) => {
    const parsed = parseSize(size);
    if (parsed.ok) return parsed.value;
    context.addIssue({ code: 'custom', message: parsed.failure.message });
    return z.NEVER;
  })
  .meta({
    description: 'Bytes, or a number with a unit: 10G and 10GiB are 10 * 2^30 bytes, 10GB are 10 * 10^9.',
  });

export const LunCreate = z.strictObject({
  name: lunNameSchema,
  size: sizeSchema,
  thin: z.boolean().optional().meta({
    description:
      'It takes of the pool only what is written to it, and gives back what a host unmaps; false by default',
  }),
  pool: nameSchema.optional().meta({ description: 'By default the only one, or that of the target' }),
  target: nameSchema.optional().meta({ description: 'By default the first of the pool' }),
  hosts: z
    .array(nameSchema)
    .max(64)
    .optional()
    .meta({ description: 'Who sees it, and nobody else; all hosts by default' }),
  readOnlyHosts: z
    .array(nameSchema)
    .max(64)
    .optional()
    .meta({ description: 'Those of the hosts that can only read' }),
});

export const LunClone = z.strictObject({
  name: lunNameSchema.meta({ description: 'Of the LUN that is made' }),
  from: z
    .union([nameSchema, snapshotNameSchema], 'must be the name of a LUN, or LUN@NAME of a snapshot')
    .meta({ description: 'A snapshot, or a thin LUN as it is at one instant while it is served' }),
  target: nameSchema.optional().meta({ description: 'By default the first of the pool' }),
  hosts: z.array(nameSchema).max(64).optional().meta({
    description:
      'Who sees it; nobody by default: a host that sees the origin too would find the same file systems twice',
  }),
  readOnlyHosts: z
    .array(nameSchema)
    .max(64)
    .optional()
    .meta({ description: 'Those of the hosts that can only read' }),
});

export const LunRollback = z.strictObject({
  snapshot: snapshotNameSchema.meta({ description: 'Of this LUN; it stays as it is' }),
  discard: z.boolean().optional().meta({
    description: 'What the LUN holds now is lost; without it, it becomes a snapshot, `LUN@before-rollback-N`',
  }),
});

export const SnapshotCreate = z.strictObject({ name: snapshotNameSchema });

export const LunGrow = z.strictObject({ size: sizeSchema });

/** As the API is asked. */
export const PoolRecover = z.strictObject({
  discard: nameSchema.meta({ description: 'The node whose changes are lost; it may not serve the pool' }),
});

/** Without a body, everything is cleaned up. */
export const Cleanup = z
  .strictObject({ resource: resourceSchema.optional(), node: nameSchema.optional() })
  .optional();

const witnessSecretSchema = joinSecretSchema.optional().meta({
  description:
    'What `keelson-witness setup` printed on the witness; needed where its certificates are not on the node',
});

/** As the engine is asked. */
export const WitnessAdd = z.strictObject({ witness: witnessSchema, secret: witnessSecretSchema });

/** As the API is asked. */
export const WitnessPut = witnessSchema.extend({ secret: witnessSecretSchema });

export const ClusterInit = z.strictObject({
  file: ClusterFile,
  node: nameSchema,
  overwrite: z.array(diskSchema).max(3, 'must be at most 3 disks').optional(),
  witnessSecret: witnessSecretSchema,
});

export const ClusterJoin = z.strictObject({
  address: addressSchema,
  secret: joinSecretSchema,
  node: nameSchema,
});

/** Revisions of the configuration, from 1. */
export const revisionSchema = z.int('must be a revision: a whole number').min(1, 'must be at least 1');

/** How many are asked for. */
export const limitSchema = z.int('must be a whole number').min(1, 'must be at least 1').max(10_000);

export const ConfigRestore = z.strictObject({
  revision: revisionSchema,
  dryRun: z.boolean().optional().meta({ description: 'Only say what would come back' }),
  force: z.boolean().optional().meta({ description: 'Even where data goes out of service by it' }),
});

/** As a person chooses it; printable or not, it is only ever compared by what it opens. */
const passphraseSchema = z
  .string('must be a text')
  .min(PASSPHRASE.least, `must have at least ${PASSPHRASE.least} characters`)
  .max(PASSPHRASE.most, `must have at most ${PASSPHRASE.most} characters`)
  .meta({ description: 'Opens the backup; it is kept nowhere' });

const base64 = z.base64('must be base64');

export const Backup = z.strictObject({
  format: z.literal('keelson-config'),
  version: z.int().min(1),
  clusterId: z.string().min(1).max(64),
  clusterName: z.string().min(1).max(64),
  revision: revisionSchema,
  savedAt: z.int().min(0).max(8.64e15).meta({ description: 'Milliseconds since 1970' }),
  salt: base64.max(64),
  nonce: base64.max(64),
  sealed: base64.meta({ description: 'All that the configuration asks for, sealed with the passphrase' }),
});

export const ConfigSave = z.strictObject({ passphrase: passphraseSchema });

export const ConfigLoad = z.strictObject({
  backup: Backup.meta({ description: 'As `saveConfig` answered it, unchanged' }),
  passphrase: passphraseSchema,
  dryRun: z.boolean().optional().meta({ description: 'Only say what would come back' }),
  force: z.boolean().optional().meta({ description: 'Even where data goes out of service by it' }),
  foreign: z.boolean().optional().meta({ description: 'Even where the backup is of another cluster' }),
});

export const ClusterAdmit = z.strictObject({ secret: joinSecretSchema, node: nameSchema });
