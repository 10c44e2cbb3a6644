import { z } from 'zod';
import { answerWith, withBody, json, type Endpoint } from '../endpoint.ts';
import { check } from '../check.ts';
import { Cleaned, Cleanup, Document, Node, Operation, operationIdSchema, Status } from '../schemas/index.ts';
import { inPath } from './path.ts';
import { waitFor, waitOf, waitParameters } from './wait.ts';

const status: Endpoint = {
  id: 'showStatus',
  method: 'GET',
  path: '/status',
  summary: 'Whether data is served, whether a failure would be survived, and everything behind it',
  secured: 'token',
  parameters: [],
  body: undefined,
  answers: { 200: { description: 'The status', schema: Status } },
  failures: [],
  handle: async ({ gateway }) => answerWith(await gateway.request('status', {})),
};

const nodes: Endpoint = {
  id: 'listNodes',
  method: 'GET',
  path: '/nodes',
  summary: 'The nodes and what runs on them',
  secured: 'token',
  parameters: [],
  body: undefined,
  answers: { 200: { description: 'The nodes', schema: z.array(Node) } },
  failures: ['cluster_missing'],
  handle: async ({ gateway }) => answerWith(await gateway.request('nodes', {})),
};

const document: Endpoint = {
  id: 'showDocument',
  method: 'GET',
  path: '/cluster/document',
  summary: 'The cluster in Pacemaker’s model, definition and status, as `keelson simulate` takes it',
  secured: 'token',
  parameters: [],
  body: undefined,
  answers: { 200: { description: 'The document; it holds no parameters and no secrets', schema: Document } },
  failures: ['cluster_missing'],
  handle: async ({ gateway }) => answerWith(await gateway.request('document', {})),
};

const operation: Endpoint = {
  id: 'showOperation',
  method: 'GET',
  path: '/operations/{id}',
  summary: 'How an operation stands; with `wait`, when it has ended',
  secured: 'token',
  parameters: [inPath('id', 'Id of the operation', operationIdSchema), ...waitParameters],
  body: undefined,
  answers: { 200: { description: 'The operation, ended or not, failed or not', schema: Operation } },
  failures: ['operation_not_found', 'cluster_missing'],
  handle: async (context, call) => {
    const id = check(operationIdSchema, call.parameters['id'], ['id']);
    if (!id.ok) return id;
    const wait = waitOf(context, call);
    if (!wait.ok) return wait;
    const found = await context.gateway.request('operation', { id: id.value });
    if (!found.ok) return found;
    const ended = await waitFor(context, call, found.value, wait.value);
    return ended.ok ? json(ended.value) : ended;
  },
};

const cleanup: Endpoint = {
  id: 'cleanUp',
  method: 'POST',
  path: '/cleanup',
  summary: 'Forget the failures of a resource, or of all, on a node, or on all, and look again',
  secured: 'token',
  parameters: [],
  answers: { 200: { description: 'How many failures were forgotten', schema: Cleaned } },
  failures: ['node_not_found', 'cluster_missing', 'no_quorum'],
  ...withBody(Cleanup, async ({ gateway }, _call, body) =>
    answerWith(await gateway.request('cleanup', body ?? {})),
  ),
};

export const stateEndpoints: readonly Endpoint[] = [status, nodes, document, operation, cleanup];
