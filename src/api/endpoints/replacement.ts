import { check } from '../check.ts';
import { withBody, type Endpoint } from '../endpoint.ts';
import { nameSchema, NodeReplace, NodeReplaced } from '../schemas/index.ts';
import { answerOperation } from './operation.ts';
import { nodeInPath } from './path.ts';
import { waitOf, waitParameters } from './wait.ts';

const replace: Endpoint = {
  id: 'replaceNode',
  method: 'POST',
  path: '/nodes/{name}/replace',
  summary:
    'Give a node another machine, or new disks, filled from the other node, which serves meanwhile; safe to repeat, one that is under way is the answer. With another machine the token changes',
  secured: 'token',
  parameters: [nodeInPath, ...waitParameters],
  answers: {
    200: { description: 'The new disks are filled', schema: NodeReplaced },
    202: { description: 'They are being filled; Location names the operation', schema: NodeReplaced },
  },
  failures: [
    'name_invalid',
    'node_not_found',
    'pool_not_found',
    'pool_not_ready',
    'node_not_off',
    'node_off_unconfirmed',
    'disk_unchanged',
    'recovery_running',
    'replacement_running',
    'replacement_needs_other',
    'replacement_superseded',
    'data_would_stop',
    'not_synchronised',
    'no_quorum',
    'cluster_missing',
  ],
  ...withBody(NodeReplace, async (context, call, body) => {
    const name = check(nameSchema, call.parameters['name'], ['name']);
    if (!name.ok) return name;
    const wait = waitOf(context, call);
    if (!wait.ok) return wait;
    const reply = await context.gateway.request('node.replace', { ...body, name: name.value });
    return reply.ok ? answerOperation(context, call, reply.value.operation, wait.value) : reply;
  }),
};

export const replacementEndpoints: readonly Endpoint[] = [replace];
