import { withBody, type Endpoint } from '../endpoint.ts';
import { LunClone } from '../schemas/index.ts';
import { idempotencyKey } from '../terms.ts';
import { answerCreated, createdAnswers } from './lun-created.ts';
import { waitOf, waitParameters } from './wait.ts';

export const cloneLun: Endpoint = {
  id: 'cloneLun',
  method: 'POST',
  path: '/clones',
  summary:
    'Make a LUN of a snapshot, or of a thin LUN as it is at one instant; safe to repeat. It has an identity of its own, shares the blocks that neither writes, and stays when the other one goes',
  secured: 'token',
  parameters: [idempotencyKey, ...waitParameters],
  answers: createdAnswers,
  failures: [
    'name_invalid',
    'name_taken',
    'lun_not_found',
    'lun_not_thin',
    'lun_busy',
    'snapshot_not_found',
    'snapshot_busy',
    'target_not_found',
    'host_not_found',
    'thin_overcommitted',
    'thin_pool_nearly_full',
    'pool_full',
    'pool_not_ready',
    'volume_foreign',
    'cluster_missing',
    'no_quorum',
    'agent_failed',
    'agent_timeout',
  ],
  ...withBody(LunClone, async (context, call, body) => {
    const wait = waitOf(context, call);
    if (!wait.ok) return wait;
    const reply = await context.gateway.request('lun.clone', body, call.terms);
    return reply.ok ? answerCreated(context, call, reply.value, wait.value) : reply;
  }),
};
