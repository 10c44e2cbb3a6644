import { check } from '../check.ts';
import { json, withBody, type Endpoint } from '../endpoint.ts';
import { LunRollback, LunRolledBack, nameSchema } from '../schemas/index.ts';
import { etagHeader, idempotencyKey, ifMatch } from '../terms.ts';
import { forceOf, forceParameter } from './force.ts';
import { answerOperation } from './operation.ts';
import { inPath } from './path.ts';
import { waitOf, waitParameters } from './wait.ts';

export const rollBackLun: Endpoint = {
  id: 'rollBackLun',
  method: 'POST',
  path: '/luns/{name}/rollback',
  summary:
    'Give a LUN the data of a snapshot of it, unless a host of it is logged in. No host sees it meanwhile; it keeps its number, serial and size, and the snapshot stays. What it held becomes a snapshot, unless it is to be discarded',
  secured: 'token',
  parameters: [
    inPath('name', 'Name of the LUN', nameSchema),
    forceParameter,
    ifMatch,
    idempotencyKey,
    ...waitParameters,
  ],
  answers: {
    200: { description: 'The LUN has the data of the snapshot', schema: LunRolledBack, headers: ['ETag'] },
    202: {
      description: 'The LUN is being rolled back; Location names the operation',
      schema: LunRolledBack,
      headers: ['ETag'],
    },
  },
  failures: [
    'name_invalid',
    'lun_not_found',
    'lun_busy',
    'snapshot_not_found',
    'snapshot_busy',
    'snapshot_limit',
    'sessions_open',
    'sessions_unknown',
    'thin_pool_nearly_full',
    'pool_full',
    'pool_not_ready',
    'volume_foreign',
    'cluster_missing',
    'no_quorum',
    'agent_failed',
    'agent_timeout',
  ],
  ...withBody(LunRollback, async (context, call, body) => {
    const name = check(nameSchema, call.parameters['name'], ['name']);
    if (!name.ok) return name;
    const wait = waitOf(context, call);
    if (!wait.ok) return wait;
    const force = forceOf(call);
    if (!force.ok) return force;
    const wanted = { ...body, name: name.value, ...force.value };
    const reply = await context.gateway.request('lun.rollback', wanted, call.terms);
    if (!reply.ok) return reply;
    const { lun, operation: begun } = reply.value;
    if (begun === undefined) return json(reply.value, 200, etagHeader(lun));
    return answerOperation(context, call, begun, wait.value, {
      beside: { lun },
      headers: etagHeader(lun),
      done: async (operation) => {
        const now = await context.gateway.request('lun', { name: lun.name });
        return now.ok ? json({ lun: now.value, operation }, 200, etagHeader(now.value)) : now;
      },
    });
  }),
};
