import { check } from '../check.ts';
import { withBody, type Endpoint } from '../endpoint.ts';
import { nameSchema, PoolRecover, PoolRecovered } from '../schemas/index.ts';
import { answerOperation } from './operation.ts';
import { inPath } from './path.ts';
import { waitOf, waitParameters } from './wait.ts';

export const recoverPool: Endpoint = {
  id: 'recoverPool',
  method: 'POST',
  path: '/pools/{name}/recover',
  summary:
    'End a split brain: what was written on one node is discarded, and its copy is filled from the other one; safe to repeat, one that is under way is the answer. What each copy has is in `split` of the pool',
  secured: 'token',
  parameters: [inPath('name', 'Name of the pool', nameSchema), ...waitParameters],
  answers: {
    200: { description: 'Both copies are current', schema: PoolRecovered },
    202: { description: 'It is under way; Location names the operation', schema: PoolRecovered },
  },
  failures: [
    'name_invalid',
    'pool_not_found',
    'node_not_found',
    'pool_not_split',
    'copies_unrelated',
    'recovery_victim_serves',
    'recovery_two_primaries',
    'recovery_victim_newer',
    'recovery_unknown',
    'recovery_running',
    'recovery_failed',
    'not_synchronised',
    'no_quorum',
    'cluster_missing',
  ],
  ...withBody(PoolRecover, async (context, call, { discard }) => {
    const name = check(nameSchema, call.parameters['name'], ['name']);
    if (!name.ok) return name;
    const wait = waitOf(context, call);
    if (!wait.ok) return wait;
    const reply = await context.gateway.request('pool.recover', { name: name.value, discard });
    return reply.ok ? answerOperation(context, call, reply.value.operation, wait.value) : reply;
  }),
};
