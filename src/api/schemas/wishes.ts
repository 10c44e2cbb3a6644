import { z } from 'zod';
import {
  failingOperations,
  fenceActions,
  milliseconds,
  onFailValues,
  type ReplyOf,
  type ResourcePolicy,
  type ResourceView,
} from '../../model/index.ts';
import { diskSchema } from './disk.ts';
import { Failed } from './failed.ts';
import { nameSchema } from './names.ts';
import { describes } from './json.ts';

/** A day, in milliseconds: whoever waits longer should be asked why. */
const LONGEST = 86_400_000;
const MOST_FAILURES = 1_000_000;

const duration = (what: string) =>
  z
    .int('must be a whole number of milliseconds')
    .min(0)
    .max(LONGEST)
    .transform(milliseconds)
    .meta({ type: 'integer', description: `Milliseconds. ${what}` });

const force = z.boolean().optional().meta({ description: 'Also where data goes out of service by it' });

/** What is asked of a node; what is left out stays as it is. */
export const NodeSet = z.strictObject({
  standby: z.boolean().optional().meta({ description: 'Nothing runs there; what did moves away' }),
  maintenance: z
    .boolean()
    .optional()
    .meta({ description: 'What runs there is left alone, and not looked at' }),
  leaving: z.literal(false).optional().meta({ description: 'It stays after all' }),
  fenceAction: z.enum(fenceActions).nullable().optional().meta({
    description: 'What becomes of it when it was fenced; null: what the cluster is asked',
  }),
  force,
});

/** What a person has seen with their own eyes. */
export const NodeConfirmOff = z.strictObject({
  acknowledgement: z
    .string()
    .max(100)
    .meta({ description: 'The words `NAME is off`, with the name of the node' }),
});

/** Without a body: the first level, for real. */
export const FenceTest = z
  .strictObject({
    level: z.int().min(1).max(9).optional().meta({ description: 'Level of devices; the first by default' }),
    dry: z.boolean().optional().meta({ description: 'Only ask the devices, and switch nothing' }),
  })
  .optional();

/** Who says that a node may go without a test, and why. */
export const FenceWaive = z.strictObject({
  reason: z.string().regex(/^(?!\s)[^\p{Cc}]{1,200}(?<!\s)$/u, 'must be one line of at most 200 characters'),
});

/** Without a body, `force` is false. */
export const NodeLeave = z.strictObject({ force }).optional();

/** Another machine, or new disks of a node: `disk` where it has one pool, `disks` where it has several. */
export const NodeReplace = z
  .strictObject({
    machine: z.literal(true).optional().meta({
      description:
        'The machine is another one, of the same name and addresses: keys are issued anew, and it joins; disks only where their paths differ',
    }),
    disk: diskSchema.optional().meta({ description: 'The new disk, where the node has one pool' }),
    disks: z
      .record(nameSchema, diskSchema)
      .optional()
      .meta({ description: 'The new disks by pool, where the node has several' }),
    overwrite: z
      .array(diskSchema)
      .max(64)
      .optional()
      .meta({ description: 'Those of them that may lose what they carry' }),
    force,
  })
  .refine(({ machine, disk, disks }) => {
    const named = [disk !== undefined, Object.keys(disks ?? {}).length > 0].filter(Boolean).length;
    return named === 1 || (named === 0 && machine === true);
  }, 'must name one of disk and disks, or machine');

export const ClusterSet = z.strictObject({
  maintenance: z
    .boolean()
    .optional()
    .meta({ description: 'Everything is left alone, and nothing is looked at' }),
  fenceAction: z
    .enum(fenceActions)
    .optional()
    .meta({ description: 'off: a node that was fenced stays off until it is switched on' }),
});

const onFail = z.enum(onFailValues);
const operations = z.enum(failingOperations);

const change = {
  managed: z.boolean().optional().meta({ description: 'false: looked at, and otherwise left alone' }),
  maintenance: z.boolean().optional().meta({ description: 'Left alone, and not even looked at' }),
  targetRole: z
    .enum(['started', 'stopped'])
    .optional()
    .meta({ description: 'stopped: it stays defined and runs nowhere' }),
  onFail: z
    .partialRecord(operations, onFail.nullable())
    .optional()
    .meta({ description: 'What a failure of an operation leads to; null: the default' }),
  startDelay: duration('A start begins so much later; null: at once').nullable().optional(),
  migrationThreshold: z
    .int()
    .min(1)
    .max(MOST_FAILURES)
    .nullable()
    .optional()
    .meta({ description: 'Failures on a node from which on it may not run there; null: 3' }),
  failureTimeout: duration('Failures are forgotten after this; null: the default').nullable().optional(),
  onDrift: z
    .enum(['repair', 'report'])
    .optional()
    .meta({ description: 'What somebody changed in the kernel is put right (the default), or only told' }),
};

/** What is asked of a resource; what is left out stays as it is. */
export const ResourceSet = z.strictObject(change);

const Policy = describes<ResourcePolicy>()(
  z.object({
    managed: z.literal(false).optional(),
    maintenance: z.literal(true).optional(),
    targetRole: z.literal('stopped').optional(),
    onFail: z
      .object({
        start: onFail.optional(),
        stop: onFail.optional(),
        monitor: onFail.optional(),
        promote: onFail.optional(),
        demote: onFail.optional(),
      })
      .optional(),
    startDelay: z.number().optional().meta({ description: 'Milliseconds' }),
    migrationThreshold: z.number().optional(),
    failureTimeout: z.number().optional().meta({ description: 'Milliseconds' }),
    onDrift: z.literal('report').optional(),
  }),
);

export const Resource = describes<ResourceView>()(
  z
    .object({
      id: z.string(),
      agent: z.enum(['drbd', 'lvm', 'lvm-snapshot', 'lio-target', 'lio-lun', 'address']),
      policy: Policy,
      unmanaged: z.literal(true).optional(),
      instances: z.array(
        z.object({
          node: z.string(),
          state: z.enum(['stopped', 'running', 'promoted', 'failed', 'unknown']),
          failure: Failed.optional(),
        }),
      ),
    })
    .meta({ id: 'Resource' }),
);

export const NodeLeft = describes<ReplyOf<'node.leave'>>()(
  z.object({ node: z.string(), left: z.boolean(), active: z.array(z.string()) }),
);

export const ClusterAsked = describes<ReplyOf<'cluster.set'>>()(
  z.object({ maintenance: z.boolean(), fenceAction: z.enum(fenceActions) }),
);
