import { z } from 'zod';
import { check } from '../check.ts';
import { answerTagged, empty, json, withBody, type Endpoint } from '../endpoint.ts';
import {
  Snapshot,
  SnapshotCreate,
  SnapshotCreated,
  SnapshotDeleted,
  SnapshotFilters,
  snapshotNameSchema,
} from '../schemas/index.ts';
import { etagHeader, idempotencyKey, ifMatch } from '../terms.ts';
import { askedOf, listParameters, pageAnswer } from './lists.ts';
import { answerOperation, base } from './operation.ts';
import { inPath } from './path.ts';
import { waitOf, waitParameters } from './wait.ts';

const name = inPath('name', 'Name of the snapshot: LUN@NAME', snapshotNameSchema);

const snapshots = { path: '/snapshots', filters: SnapshotFilters };

const at = (snapshot: string): string => `${base}/snapshots/${encodeURIComponent(snapshot)}`;

const list: Endpoint = {
  id: 'listSnapshots',
  method: 'GET',
  path: '/snapshots',
  summary: 'The snapshots: all, or those looked for',
  secured: 'token',
  parameters: listParameters(SnapshotFilters),
  body: undefined,
  answers: { 200: { description: 'The snapshots, by name', schema: z.array(Snapshot), headers: ['Link'] } },
  failures: ['name_invalid', 'cluster_missing'],
  handle: async ({ gateway }, call) => {
    const asked = askedOf(snapshots, call);
    return asked.ok ? pageAnswer(snapshots, call, await gateway.request('snapshots', asked.value)) : asked;
  },
};

const show: Endpoint = {
  id: 'showSnapshot',
  method: 'GET',
  path: '/snapshots/{name}',
  summary: 'One snapshot',
  secured: 'token',
  parameters: [name],
  body: undefined,
  answers: { 200: { description: 'The snapshot', schema: Snapshot, headers: ['ETag'] } },
  failures: ['name_invalid', 'snapshot_not_found', 'cluster_missing'],
  handle: async ({ gateway }, call) => {
    const checked = check(snapshotNameSchema, call.parameters['name'], ['name']);
    return checked.ok ? answerTagged(await gateway.request('snapshot', { name: checked.value })) : checked;
  },
};

const create: Endpoint = {
  id: 'createSnapshot',
  method: 'POST',
  path: '/snapshots',
  summary:
    'Keep what a thin LUN holds at one instant, while it is served; safe to repeat. It is what a disk has after a loss of power: all that was acknowledged before the request is in it. Hosts that flush or freeze their file systems first get a clean one',
  secured: 'token',
  parameters: [idempotencyKey, ...waitParameters],
  answers: {
    200: { description: 'The snapshot was there already', schema: SnapshotCreated, headers: ['ETag'] },
    201: {
      description: 'The snapshot was made while the request waited',
      schema: SnapshotCreated,
      headers: ['ETag'],
    },
    202: {
      description: 'The snapshot is being made; Location names the operation',
      schema: SnapshotCreated,
      headers: ['ETag'],
    },
  },
  failures: [
    'name_invalid',
    'lun_not_found',
    'lun_not_thin',
    'lun_busy',
    'snapshot_not_found',
    'snapshot_busy',
    'snapshot_limit',
    'thin_pool_nearly_full',
    'pool_full',
    'pool_not_ready',
    'volume_foreign',
    'cluster_missing',
    'no_quorum',
    'agent_failed',
    'agent_timeout',
  ],
  ...withBody(SnapshotCreate, async (context, call, body) => {
    const wait = waitOf(context, call);
    if (!wait.ok) return wait;
    const reply = await context.gateway.request('snapshot.create', body, call.terms);
    if (!reply.ok) return reply;
    const { snapshot, operation: begun } = reply.value;
    const found = { location: at(snapshot.name), ...etagHeader(snapshot) };
    if (begun === undefined || begun.state === 'succeeded') return json(reply.value, 200, found);
    return answerOperation(context, call, begun, wait.value, {
      beside: { snapshot },
      headers: found,
      done: async (operation) => {
        const made = await context.gateway.request('snapshot', body);
        return made.ok ? json({ snapshot: made.value, operation }, 201, found) : made;
      },
    });
  }),
};

const remove: Endpoint = {
  id: 'deleteSnapshot',
  method: 'DELETE',
  path: '/snapshots/{name}',
  summary: 'Delete a snapshot; its LUN, other snapshots and clones lose nothing; safe to repeat',
  secured: 'token',
  parameters: [name, ifMatch, ...waitParameters],
  body: undefined,
  answers: {
    200: { description: 'The snapshot was deleted while the request waited', schema: SnapshotDeleted },
    202: {
      description: 'The snapshot is being deleted; Location names the operation',
      schema: SnapshotDeleted,
    },
    204: { description: 'There is no such snapshot (any more)' },
  },
  failures: [
    'name_invalid',
    'snapshot_busy',
    'cluster_missing',
    'no_quorum',
    'agent_failed',
    'agent_timeout',
  ],
  handle: async (context, call) => {
    const checked = check(snapshotNameSchema, call.parameters['name'], ['name']);
    if (!checked.ok) return checked;
    const wait = waitOf(context, call);
    if (!wait.ok) return wait;
    const reply = await context.gateway.request('snapshot.delete', { name: checked.value }, call.terms);
    if (!reply.ok) return reply;
    if (reply.value.operation === undefined) return empty;
    return answerOperation(context, call, reply.value.operation, wait.value);
  },
};

export const snapshotEndpoints: readonly Endpoint[] = [list, show, create, remove];
