import { z } from 'zod';
import { check } from '../check.ts';
import { answerWith, withBody, type Endpoint } from '../endpoint.ts';
import {
  ClusterAsked,
  ClusterSet,
  nameSchema,
  Node,
  NodeConfirmOff,
  NodeLeave,
  NodeLeft,
  NodeOff,
  NodeSet,
  PowerOn,
  Resource,
  ResourceSet,
  resourceSchema,
} from '../schemas/index.ts';
import { idempotencyKey } from '../terms.ts';
import { answerOperation } from './operation.ts';
import { inPath, nodeInPath } from './path.ts';
import { waitOf, waitParameters } from './wait.ts';

const setNode: Endpoint = {
  id: 'setNode',
  method: 'PATCH',
  path: '/nodes/{name}',
  summary:
    'Ask a node to be in standby or in maintenance, to stay where it was to leave, or what becomes of it when it was fenced',
  secured: 'token',
  parameters: [nodeInPath],
  answers: { 200: { description: 'The node, as it is now asked to be', schema: Node } },
  failures: ['name_invalid', 'node_not_found', 'data_would_stop', 'cluster_missing', 'no_quorum'],
  ...withBody(NodeSet, async ({ gateway }, call, body) => {
    const name = check(nameSchema, call.parameters['name'], ['name']);
    return name.ok ? answerWith(await gateway.request('node.set', { ...body, name: name.value })) : name;
  }),
};

const leave: Endpoint = {
  id: 'leaveNode',
  method: 'POST',
  path: '/nodes/{name}/leave',
  summary:
    'Have a node leave in order; answered at once: ask again until it has `left`, then it may be switched off',
  secured: 'token',
  parameters: [nodeInPath],
  answers: { 200: { description: 'What is still active there', schema: NodeLeft } },
  failures: ['name_invalid', 'node_not_found', 'data_would_stop', 'not_managed', 'cluster_missing'],
  ...withBody(NodeLeave, async ({ gateway }, call, body) => {
    const name = check(nameSchema, call.parameters['name'], ['name']);
    return name.ok ? answerWith(await gateway.request('node.leave', { ...body, name: name.value })) : name;
  }),
};

const confirmOff: Endpoint = {
  id: 'confirmNodeOff',
  method: 'POST',
  path: '/nodes/{name}/confirm-off',
  summary:
    'Say that a lost node has no power, having seen it: what it ran is started elsewhere. If that is not true, data is lost',
  secured: 'token',
  parameters: [nodeInPath],
  answers: { 200: { description: 'All nodes take it for off', schema: NodeOff } },
  failures: [
    'name_invalid',
    'node_not_found',
    'node_not_lost',
    'acknowledgement_missing',
    'not_synchronised',
    'no_quorum',
    'cluster_missing',
  ],
  ...withBody(NodeConfirmOff, async ({ gateway }, call, body) => {
    const name = check(nameSchema, call.parameters['name'], ['name']);
    if (!name.ok) return name;
    return answerWith(await gateway.request('node.confirm-off', { ...body, name: name.value }));
  }),
};

const powerOn: Endpoint = {
  id: 'powerNodeOn',
  method: 'POST',
  path: '/nodes/{name}/power-on',
  summary:
    'Have a node that is confirmed off given its power by its fence devices; safe to repeat, one that is under way is the answer',
  secured: 'token',
  parameters: [nodeInPath, idempotencyKey, ...waitParameters],
  body: undefined,
  answers: {
    200: { description: 'Its devices say that it has power; it starts', schema: PowerOn },
    202: { description: 'It is being switched on; Location names the operation', schema: PowerOn },
  },
  failures: [
    'name_invalid',
    'node_not_found',
    'node_not_off',
    'node_off_unconfirmed',
    'power_on_impossible',
    'fence_unreachable',
    'fence_refused',
    'fence_not_confirmed',
    'not_synchronised',
    'no_quorum',
    'cluster_missing',
  ],
  handle: async (context, call) => {
    const name = check(nameSchema, call.parameters['name'], ['name']);
    if (!name.ok) return name;
    const wait = waitOf(context, call);
    if (!wait.ok) return wait;
    const reply = await context.gateway.request('node.power-on', { name: name.value }, call.terms);
    return reply.ok ? answerOperation(context, call, reply.value.operation, wait.value) : reply;
  },
};

const setCluster: Endpoint = {
  id: 'setCluster',
  method: 'PATCH',
  path: '/cluster',
  summary:
    'Ask the whole cluster to be in maintenance or at work, and what becomes of nodes that were fenced',
  secured: 'token',
  parameters: [],
  answers: { 200: { description: 'What the cluster is now asked', schema: ClusterAsked } },
  failures: ['cluster_missing', 'no_quorum'],
  ...withBody(ClusterSet, async ({ gateway }, _call, body) =>
    answerWith(await gateway.request('cluster.set', body)),
  ),
};

const resources: Endpoint = {
  id: 'listResources',
  method: 'GET',
  path: '/resources',
  summary: 'The resources of the engine, where they are active, and what was asked for them',
  secured: 'token',
  parameters: [],
  body: undefined,
  answers: { 200: { description: 'The resources', schema: z.array(Resource) } },
  failures: ['cluster_missing'],
  handle: async ({ gateway }) => answerWith(await gateway.request('resources', {})),
};

const setResource: Endpoint = {
  id: 'setResource',
  method: 'PATCH',
  path: '/resources/{id}',
  summary: 'Ask a resource to be managed or not, stopped, later started, and what its failures lead to',
  secured: 'token',
  parameters: [inPath('id', 'Id of the resource', resourceSchema)],
  answers: { 200: { description: 'The resource, as it is now asked to be', schema: Resource } },
  failures: ['resource_not_found', 'policy_invalid', 'cluster_missing', 'no_quorum'],
  ...withBody(ResourceSet, async ({ gateway }, call, policy) => {
    const id = check(resourceSchema, call.parameters['id'], ['id']);
    return id.ok ? answerWith(await gateway.request('resource.set', { id: id.value, policy })) : id;
  }),
};

export const wishEndpoints: readonly Endpoint[] = [
  setNode,
  leave,
  confirmOff,
  powerOn,
  setCluster,
  resources,
  setResource,
];
