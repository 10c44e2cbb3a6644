import { z } from 'zod';
import { check } from '../check.ts';
import { answerTagged, empty, withBody, type Endpoint, type Parameter } from '../endpoint.ts';
import { Lun, LunCreate, LunDeleted, LunFilters, nameSchema } from '../schemas/index.ts';
import { idempotencyKey, ifMatch } from '../terms.ts';
import { askedOf, listParameters, pageAnswer } from './lists.ts';
import { flagOf, forceOf, forceParameter } from './force.ts';
import { answerCreated, createdAnswers } from './lun-created.ts';
import { cloneLun } from './lun-clone.ts';
import { growLun } from './lun-growth.ts';
import { rollBackLun } from './lun-rollback.ts';
import { answerOperation } from './operation.ts';
import { inPath } from './path.ts';
import { waitOf, waitParameters } from './wait.ts';

const name = inPath('name', 'Name of the LUN', nameSchema);

const luns = { path: '/luns', filters: LunFilters };

const list: Endpoint = {
  id: 'listLuns',
  method: 'GET',
  path: '/luns',
  summary: 'The LUNs: all, or those looked for',
  secured: 'token',
  parameters: listParameters(LunFilters),
  body: undefined,
  answers: { 200: { description: 'The LUNs, by name', schema: z.array(Lun), headers: ['Link'] } },
  failures: ['name_invalid', 'cluster_missing'],
  handle: async ({ gateway }, call) => {
    const asked = askedOf(luns, call);
    return asked.ok ? pageAnswer(luns, call, await gateway.request('luns', asked.value)) : asked;
  },
};

const show: Endpoint = {
  id: 'showLun',
  method: 'GET',
  path: '/luns/{name}',
  summary: 'One LUN',
  secured: 'token',
  parameters: [name],
  body: undefined,
  answers: { 200: { description: 'The LUN', schema: Lun, headers: ['ETag'] } },
  failures: ['name_invalid', 'lun_not_found', 'cluster_missing'],
  handle: async ({ gateway }, call) => {
    const checked = check(nameSchema, call.parameters['name'], ['name']);
    return checked.ok ? answerTagged(await gateway.request('lun', { name: checked.value })) : checked;
  },
};

const create: Endpoint = {
  id: 'createLun',
  method: 'POST',
  path: '/luns',
  summary: 'Make a LUN; safe to repeat, the same parameters give the same LUN',
  secured: 'token',
  parameters: [idempotencyKey, ...waitParameters],
  answers: createdAnswers,
  failures: [
    'name_invalid',
    'size_invalid',
    'name_taken',
    'pool_not_found',
    'pool_not_named',
    'target_not_found',
    'host_not_found',
    'pool_full',
    'thin_overcommitted',
    'pool_not_ready',
    'lun_busy',
    'volume_foreign',
    'cluster_missing',
    'no_quorum',
    'agent_failed',
    'agent_timeout',
  ],
  ...withBody(LunCreate, async (context, call, body) => {
    const wait = waitOf(context, call);
    if (!wait.ok) return wait;
    const reply = await context.gateway.request('lun.create', body, call.terms);
    return reply.ok ? answerCreated(context, call, reply.value, wait.value) : reply;
  }),
};

const withSnapshots: Parameter = {
  name: 'snapshots',
  in: 'query',
  description: '`true`: its snapshots go with it; without it, a LUN that has some is not deleted.',
  schema: { type: 'boolean' },
};

const remove: Endpoint = {
  id: 'deleteLun',
  method: 'DELETE',
  path: '/luns/{name}',
  summary: 'Delete a LUN and its data, unless a host of it is logged in; safe to repeat',
  secured: 'token',
  parameters: [name, forceParameter, withSnapshots, ifMatch, ...waitParameters],
  body: undefined,
  answers: {
    200: { description: 'The LUN was deleted while the request waited', schema: LunDeleted },
    202: { description: 'The LUN is being deleted; Location names the operation', schema: LunDeleted },
    204: { description: 'There is no such LUN (any more)' },
  },
  failures: [
    'name_invalid',
    'lun_busy',
    'lun_has_snapshots',
    'sessions_open',
    'sessions_unknown',
    'cluster_missing',
    'no_quorum',
    'agent_failed',
    'agent_timeout',
  ],
  handle: async (context, call) => {
    const checked = check(nameSchema, call.parameters['name'], ['name']);
    if (!checked.ok) return checked;
    const wait = waitOf(context, call);
    if (!wait.ok) return wait;
    const force = forceOf(call);
    if (!force.ok) return force;
    const snapshots = flagOf(call, 'snapshots');
    if (!snapshots.ok) return snapshots;
    const wanted = { name: checked.value, ...force.value, ...(snapshots.value && { snapshots: true }) };
    const reply = await context.gateway.request('lun.delete', wanted, call.terms);
    if (!reply.ok) return reply;
    if (reply.value.operation === undefined) return empty;
    return answerOperation(context, call, reply.value.operation, wait.value);
  },
};

export const lunEndpoints: readonly Endpoint[] = [list, show, create, cloneLun, growLun, rollBackLun, remove];
