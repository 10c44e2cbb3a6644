import { z } from 'zod';
import {
  type AfterGrow as AfterGrowModel,
  type ConfigLoss,
  type EventRecord,
  type Fencing as FencingSeen,
  type LunView,
  type NodeView,
  type OperationView,
  type ReplyOf,
  type StatusView,
} from '../../model/index.ts';
import { Failed, FailureCodes } from './failed.ts';
import { etagSchema } from './etag.ts';
import { describes } from './json.ts';
import { Pool } from './targets.ts';

const time = z.number().meta({ description: 'Milliseconds since 1970-01-01 UTC' });
const size = z.int().meta({ description: 'Bytes' });

/** RFC 9457. */
export const ProblemDetails = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: FailureCodes,
    next: z.string(),
    etag: z
      .string()
      .optional()
      .meta({ description: 'Of the object as it is now, where `precondition_failed`' }),
  })
  .meta({ id: 'Problem' });

export const Lun = describes<LunView>()(
  z
    .object({
      name: z.string(),
      etag: etagSchema,
      pool: z.string(),
      target: z.string(),
      size,
      thin: z
        .literal(true)
        .optional()
        .meta({ description: 'It takes of the pool only what is written to it' }),
      hosts: z.array(z.string()),
      readOnlyHosts: z.array(z.string()).optional(),
      number: z.int(),
      serial: z.string(),
      wwid: z.string(),
      iqn: z.string(),
      portals: z.array(z.string()),
      state: z.enum(['creating', 'ready', 'deleting']),
      growingTo: size
        .optional()
        .meta({ description: 'Bytes that its volume is being extended to; absent: it is not being grown' }),
      snapshots: z.int().optional().meta({ description: 'How many it has; absent: none' }),
      clonedFrom: z
        .string()
        .optional()
        .meta({ description: 'The LUN or snapshot that it was made of, whatever has become of that' }),
      rollingBackTo: z
        .string()
        .optional()
        .meta({ description: 'The snapshot whose data it is being given; no host sees it meanwhile' }),
      servedBy: z.string().optional(),
    })
    .meta({ id: 'Lun' }),
);

export const Operation = describes<OperationView>()(
  z
    .object({
      id: z.string(),
      kind: z.enum([
        'lun.create',
        'lun.delete',
        'lun.grow',
        'lun.rollback',
        'node.power-on',
        'node.replace',
        'pool.recover',
        'snapshot.create',
        'snapshot.delete',
        'witness.add',
        'witness.remove',
      ]),
      subject: z.string(),
      state: z.enum(['running', 'succeeded', 'failed']),
      progress: z
        .string()
        .optional()
        .meta({ description: 'How far it is, and what holds it up, in words; while it runs' }),
      createdAt: time,
      finishedAt: time.optional(),
      failure: Failed.optional(),
    })
    .meta({ id: 'Operation' }),
);

const Instance = z.object({
  resource: z.string(),
  node: z.string(),
  state: z.enum(['stopped', 'running', 'promoted', 'failed', 'unknown']),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  failure: Failed.optional(),
  unmanaged: z.literal(true).optional(),
});

const Fencing = z.object({
  state: z.enum(['waiting', 'running', 'failing', 'confirmed']),
  reason: z.string(),
  since: time,
  attempts: z.int(),
  by: z.string().optional(),
  failure: Failed.optional(),
});

const FenceTestSeen = z.object({
  level: z.int(),
  dry: z.literal(true).optional(),
  state: z.enum(['running', 'dark', 'passed', 'failed']),
  startedAt: time,
  revision: z.int(),
  finishedAt: time.optional(),
  took: z.number().optional(),
  failure: Failed.optional(),
});

export const FencingDone = describes<FencingSeen>()(
  z
    .object({
      node: z.string(),
      boot: z.string().optional(),
      revision: z.int(),
      at: time,
      reason: z.string(),
      by: z.string().optional(),
      devices: z.array(z.string()),
      attempts: z.int(),
      took: z.number().meta({ description: 'Milliseconds from the first order to the confirmation' }),
      devicesTook: z.number().meta({
        description: 'Milliseconds that the devices themselves took, in the attempt that succeeded',
      }),
    })
    .meta({ id: 'FencingDone' }),
);

const FenceDevice = z.object({
  name: z.string(),
  kind: z.enum(['ipmi', 'pdu', 'libvirt', 'agents', 'sbd', 'ssh', 'null']),
  level: z.int(),
  state: z.enum(['ready', 'failing', 'unknown']),
  by: z.string().optional(),
  since: time.optional(),
  failure: Failed.optional(),
  sharesPower: z
    .literal(true)
    .optional()
    .meta({ description: 'It is dark when its node has no power, and so cannot confirm that' }),
  testOnly: z.literal(true).optional().meta({ description: 'What it says proves nothing' }),
  proof: z.object({ testedAt: time, took: z.number() }).optional(),
});

export const Node = describes<NodeView>()(
  z
    .object({
      name: z.string(),
      state: z.enum(['online', 'joining', 'engine-gone', 'lost', 'offline', 'absent']),
      since: time.optional(),
      isController: z.boolean(),
      fencing: Fencing.optional(),
      fenceDevices: z.array(FenceDevice),
      fenceAction: z.literal('off').optional().meta({ description: 'It stays off when it was fenced' }),
      fenceTest: FenceTestSeen.optional(),
      fenceWaiver: z.object({ at: time, reason: z.string() }).optional(),
      standby: z.literal(true).optional(),
      maintenance: z.literal(true).optional(),
      leaving: z.literal(true).optional(),
      instances: z.array(Instance),
    })
    .meta({ id: 'Node' }),
);

export const PowerOn = describes<ReplyOf<'node.power-on'>>()(z.object({ operation: Operation }));

export const NodeReplaced = describes<ReplyOf<'node.replace'>>()(z.object({ operation: Operation }));

export const PoolRecovered = describes<ReplyOf<'pool.recover'>>()(z.object({ operation: Operation }));

export const NodeOff = describes<ReplyOf<'node.confirm-off'>>()(z.object({ node: z.string() }));

export const Status = describes<StatusView>()(
  z
    .object({
      clusterName: z.string().optional(),
      node: z.string().optional(),
      synchronised: z.boolean(),
      quorate: z.boolean(),
      revision: z.int(),
      controller: z.string().optional(),
      serving: z.boolean(),
      survivesFailure: z.boolean(),
      maintenance: z.literal(true).optional(),
      witness: z
        .object({
          address: z.string(),
          tls: z.enum(['off', 'on', 'required']).meta({
            description: 'As it was asked for; `on`: none where the witness has no certificate',
          }),
          votes: z
            .boolean()
            .optional()
            .meta({ description: 'Its vote counts for the side of the node asked; absent: not known yet' }),
          change: z.enum(['adding', 'removing']).optional(),
        })
        .optional(),
      problems: z.array(
        z.object({
          code: z.string(),
          severity: z.enum(['data-not-served', 'failure-would-not-be-survived', 'attention']),
          message: z.string(),
          next: z.string(),
        }),
      ),
      blocked: z.array(z.object({ subject: z.string(), reason: z.string(), next: z.string() })),
      nodes: z.array(Node),
      pools: z.array(Pool),
      luns: z.array(Lun),
    })
    .meta({ id: 'Status' }),
);

export const Event = describes<EventRecord>()(
  z
    .object({
      sequence: z.int(),
      at: time,
      kind: z.enum([
        'cluster.initialised',
        'cluster.quorum',
        'node.joined',
        'node.lost',
        'node.leaving',
        'node.left',
        'node.engine-gone',
        'node.notice',
        'fencing.wanted',
        'fencing.started',
        'fencing.failed',
        'fencing.confirmed',
        'fencing.device',
        'resource.changed',
        'operation.started',
        'operation.succeeded',
        'operation.failed',
        'config.changed',
        'config.lost',
      ]),
      node: z.string().optional(),
      subject: z.string().optional(),
      message: z.string(),
    })
    .meta({ id: 'Event' }),
);

export const LunCreated = describes<ReplyOf<'lun.create'>>()(
  z.object({
    lun: Lun,
    operation: Operation.optional().meta({ description: 'Absent: it was made long ago' }),
  }),
);
const typed = z.array(z.string()).meta({ description: 'One line each, in their order' });
export const AfterGrow = describes<AfterGrowModel>()(
  z.object({ linux: typed, windows: typed, esxi: typed }).meta({
    description:
      'What to type on a host when a LUN has grown; no host learns of that by itself. Then extend what lies on it',
  }),
);
export const LunGrown = describes<ReplyOf<'lun.grow'> & { readonly afterGrow: AfterGrowModel }>()(
  z.object({
    lun: Lun,
    operation: Operation.optional().meta({ description: 'Absent: it had this size already' }),
    afterGrow: AfterGrow,
  }),
);
export const LunDeleted = z.object({ operation: Operation });
export const WitnessChanged = describes<ReplyOf<'witness.add'>>()(
  z.object({
    operation: Operation.optional().meta({ description: 'Absent: it is so already' }),
  }),
);
export const Cleaned = describes<ReplyOf<'cleanup'>>()(z.object({ cleared: z.int() }));
export const JoinSecret = describes<ReplyOf<'cluster.join-secret'>>()(z.object({ joinSecret: z.string() }));
export const Formed = describes<ReplyOf<'cluster.init'>>()(
  z.object({
    joinSecret: z.string(),
    token: z
      .object({ milliseconds: z.int(), reason: z.string() })
      .meta({ description: 'How long Corosync waits for a node, and why that long' }),
  }),
);
export const Joined = describes<ReplyOf<'cluster.join'>>()(z.object({ clusterName: z.string() }));
export const Admitted = describes<ReplyOf<'cluster.admit'>>()(z.object({ bundle: z.string() }));

const Difference = z.object({
  kind: z.enum(['added', 'removed', 'changed']),
  path: z.string().meta({ description: 'Such as luns.orders.size' }),
  before: z.string().optional().meta({ description: 'As JSON; secrets are (hidden)' }),
  after: z.string().optional(),
});

/** What a configuration holds is told by the model, `ClusterConfig`. */
export const Config = z.object({ revision: z.int(), current: z.boolean(), config: z.looseObject({}) });

export const ConfigHistory = describes<ReplyOf<'config.history'>>()(
  z.object({
    entries: z.array(
      z.object({
        kind: z.enum(['change', 'taken-over']),
        revision: z.int(),
        at: time.optional(),
        by: z.string(),
        what: z.string(),
        undone: z.boolean(),
      }),
    ),
    more: z.boolean(),
    damaged: z.boolean(),
  }),
);

export const ConfigDiff = describes<ReplyOf<'config.diff'>>()(
  z.object({ from: z.int(), to: z.int(), differences: z.array(Difference) }),
);

export const ConfigRestored = describes<ReplyOf<'config.restore'>>()(
  z.object({
    from: z.int(),
    revision: z.int(),
    dryRun: z.boolean(),
    restored: z.array(Difference),
    kept: z.array(z.object({ subject: z.string(), reason: z.string() })),
  }),
);

export const ConfigLost = describes<ConfigLoss>()(
  z.object({
    at: time,
    reason: z.string(),
    before: z.int(),
    after: z.int(),
    changes: z.array(z.object({ revision: z.int(), at: time, by: z.string(), what: z.string() })),
    differences: z.array(Difference),
  }),
);

export const ConfigLostCleared = describes<ReplyOf<'config.lost.clear'>>()(z.object({ cleared: z.int() }));

/** Pacemaker's model is wide and deep; what it holds is told by the model, `ClusterDocument`. */
export const Document = z.object({
  fields: z.record(z.string(), z.string()),
  configuration: z.looseObject({}),
  nodes: z.array(z.looseObject({ id: z.string() })),
  tickets: z.array(z.looseObject({ id: z.string() })),
});
