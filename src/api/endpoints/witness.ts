import { empty, json, withBody, type Endpoint } from '../endpoint.ts';
import { WitnessChanged, WitnessPut } from '../schemas/index.ts';
import { answerOperation } from './operation.ts';
import { waitOf, waitParameters } from './wait.ts';

const put: Endpoint = {
  id: 'putWitness',
  method: 'PUT',
  path: '/cluster/witness',
  summary:
    'Give the cluster a witness, a third machine that decides who goes on after a split; safe to repeat',
  secured: 'token',
  parameters: waitParameters,
  answers: {
    200: {
      description: 'It is the witness: it was already, or became it while the request waited',
      schema: WitnessChanged,
    },
    202: { description: 'It is being added; Location names the operation', schema: WitnessChanged },
  },
  failures: [
    'address_invalid',
    'witness_invalid',
    'witness_exists',
    'witness_busy',
    'witness_needs_all_nodes',
    'witness_secret_missing',
    'witness_secret_wrong',
    'witness_secret_expired',
    'witness_setup_unreachable',
    'witness_unreachable',
    'witness_not_running',
    'witness_name_taken',
    'witness_clock_differs',
    'witness_removed',
    'command_missing',
    'host_setup_failed',
    'cluster_missing',
    'not_synchronised',
    'no_quorum',
  ],
  ...withBody(WitnessPut, async (context, call, { secret, ...witness }) => {
    const wait = waitOf(context, call);
    if (!wait.ok) return wait;
    const reply = await context.gateway.request('witness.add', { witness, secret });
    if (!reply.ok) return reply;
    const { operation } = reply.value;
    return operation === undefined ? json({}, 200) : answerOperation(context, call, operation, wait.value);
  }),
};

const remove: Endpoint = {
  id: 'deleteWitness',
  method: 'DELETE',
  path: '/cluster/witness',
  summary:
    'Take the witness away: the rules without one hold again, and of two nodes the one that fences the other goes on after a split; safe to repeat',
  secured: 'token',
  parameters: waitParameters,
  body: undefined,
  answers: {
    200: { description: 'It was taken away while the request waited', schema: WitnessChanged },
    202: { description: 'It is being taken away; Location names the operation', schema: WitnessChanged },
    204: { description: 'There is no witness (any more)' },
  },
  failures: [
    'witness_needs_all_nodes',
    'host_setup_failed',
    'cluster_missing',
    'not_synchronised',
    'no_quorum',
  ],
  handle: async (context, call) => {
    const wait = waitOf(context, call);
    if (!wait.ok) return wait;
    const reply = await context.gateway.request('witness.remove', {});
    if (!reply.ok) return reply;
    const { operation } = reply.value;
    return operation === undefined ? empty : answerOperation(context, call, operation, wait.value);
  },
};

export const witnessEndpoints: readonly Endpoint[] = [put, remove];
