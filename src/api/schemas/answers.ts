import { z } from 'zod';
import {
  failures,
  type EventRecord,
  type FailureCode,
  type LunView,
  type NodeView,
  type OperationView,
  type ReplyOf,
  type StatusView,
} from '../../model/index.ts';
import { describes } from './json.ts';

const time = z.number().meta({ description: 'Milliseconds since 1970-01-01 UTC' });
const size = z.int().meta({ description: 'Bytes' });

const FailureCodes = z.enum(Object.keys(failures) as [FailureCode, ...FailureCode[]]);
const Failed = z.object({ code: FailureCodes, message: z.string() });

/** RFC 9457. */
export const ProblemDetails = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: FailureCodes,
  next: z.string(),
});

export const Lun = describes<LunView>()(
  z.object({
    name: z.string(),
    pool: z.string(),
    size,
    hosts: z.array(z.string()),
    number: z.int(),
    serial: z.string(),
    wwid: z.string(),
    iqn: z.string(),
    portals: z.array(z.string()),
    state: z.enum(['creating', 'ready', 'deleting']),
    servedBy: z.string().optional(),
  }),
);

export const Operation = describes<OperationView>()(
  z.object({
    id: z.string(),
    kind: z.enum(['lun.create', 'lun.delete']),
    subject: z.string(),
    state: z.enum(['running', 'succeeded', 'failed']),
    createdAt: time,
    finishedAt: time.optional(),
    failure: Failed.optional(),
  }),
);

const Instance = z.object({
  resource: z.string(),
  node: z.string(),
  state: z.enum(['stopped', 'running', 'promoted', 'failed', 'unknown']),
  facts: z.record(z.string(), z.union([z.string(), z.number()])),
  failure: Failed.optional(),
});

const Fencing = z.object({
  state: z.enum(['waiting', 'running', 'failing', 'confirmed']),
  reason: z.string(),
  since: time,
  attempts: z.int(),
  by: z.string().optional(),
  failure: Failed.optional(),
});

export const Node = describes<NodeView>()(
  z.object({
    name: z.string(),
    state: z.enum(['online', 'joining', 'engine-gone', 'lost', 'offline', 'absent']),
    since: time.optional(),
    isController: z.boolean(),
    fencing: Fencing.optional(),
    instances: z.array(Instance),
  }),
);

export const Status = describes<StatusView>()(
  z.object({
    clusterName: z.string().optional(),
    node: z.string().optional(),
    synchronised: z.boolean(),
    quorate: z.boolean(),
    revision: z.int(),
    controller: z.string().optional(),
    serving: z.boolean(),
    survivesFailure: z.boolean(),
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
    pools: z.array(
      z.object({
        name: z.string(),
        state: z.enum(['new', 'ready']),
        primary: z.string().optional(),
        disks: z.record(z.string(), z.string()),
      }),
    ),
    luns: z.array(Lun),
  }),
);

export const Event = describes<EventRecord>()(
  z.object({
    sequence: z.int(),
    at: time,
    kind: z.enum([
      'cluster.initialised',
      'cluster.quorum',
      'node.joined',
      'node.lost',
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
    ]),
    node: z.string().optional(),
    subject: z.string().optional(),
    message: z.string(),
  }),
);

export const LunCreated = describes<ReplyOf<'lun.create'>>()(z.object({ lun: Lun, operation: Operation }));
export const LunDeleted = z.object({ operation: Operation });
export const Cleaned = describes<ReplyOf<'cleanup'>>()(z.object({ cleared: z.int() }));
export const JoinSecret = describes<ReplyOf<'cluster.init'>>()(z.object({ joinSecret: z.string() }));
export const Joined = describes<ReplyOf<'cluster.join'>>()(z.object({ clusterName: z.string() }));
export const Admitted = describes<ReplyOf<'cluster.admit'>>()(z.object({ bundle: z.string() }));

/** Pacemaker's model is wide and deep; what it holds is told by the model, `ClusterDocument`. */
export const Document = z.object({
  fields: z.record(z.string(), z.string()),
  configuration: z.looseObject({}),
  nodes: z.array(z.looseObject({ id: z.string() })),
  tickets: z.array(z.looseObject({ id: z.string() })),
});
