import { z } from 'zod';
import type { ReplyOf, SnapshotView } from '../../model/index.ts';
import { Lun, Operation } from './answers.ts';
import { etagSchema } from './etag.ts';
import { describes } from './json.ts';

export const Snapshot = describes<SnapshotView>()(
  z.object({
    name: z.string().meta({ description: 'LUN@NAME' }),
    etag: etagSchema,
    lun: z.string(),
    pool: z.string(),
    size: z.int().meta({
      description: 'Bytes that the LUN had then; of the pool it takes the blocks that only it still has',
    }),
    createdAt: z.number().meta({
      description:
        'When it was asked for, in milliseconds since 1970-01-01 UTC: all that was acknowledged to hosts before is in it',
    }),
    state: z.enum(['creating', 'ready', 'deleting']),
    keptBy: z
      .literal('rollback')
      .optional()
      .meta({ description: 'It holds what the LUN held when it was rolled back' }),
  }),
);

export const SnapshotCreated = describes<ReplyOf<'snapshot.create'>>()(
  z.object({
    snapshot: Snapshot,
    operation: Operation.optional().meta({ description: 'Absent: it was made long ago' }),
  }),
);

export const SnapshotDeleted = z.object({ operation: Operation });

export const LunRolledBack = describes<ReplyOf<'lun.rollback'>>()(
  z.object({ lun: Lun, operation: Operation.optional() }),
);
