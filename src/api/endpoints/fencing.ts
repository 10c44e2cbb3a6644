import { z } from 'zod';
import { check } from '../check.ts';
import { answerWith, withBody, type Endpoint } from '../endpoint.ts';
import {
  Discovery,
  FenceDiscover,
  FenceTest,
  FenceWaive,
  FencingDone,
  limitSchema,
  nameSchema,
  Node,
} from '../schemas/index.ts';
import { optionalNumberOf } from './numbers.ts';
import { nodeInPath } from './path.ts';

const test: Endpoint = {
  id: 'testFencing',
  method: 'POST',
  path: '/nodes/{name}/fence-test',
  summary:
    'Have a node put out and come back by one level of its fence devices; answered at once, the end stands in `fenceTest` of the node',
  secured: 'token',
  parameters: [nodeInPath],
  answers: { 200: { description: 'The node, with the test that has begun', schema: Node } },
  failures: [
    'name_invalid',
    'node_not_found',
    'fence_device_missing',
    'fence_test_unsafe',
    'fence_test_running',
    'not_synchronised',
    'no_quorum',
    'cluster_missing',
  ],
  ...withBody(FenceTest, async ({ gateway }, call, body) => {
    const name = check(nameSchema, call.parameters['name'], ['name']);
    return name.ok ? answerWith(await gateway.request('fence.test', { ...body, name: name.value })) : name;
  }),
};

const waive: Endpoint = {
  id: 'waiveFencingTest',
  method: 'PUT',
  path: '/nodes/{name}/fence-waiver',
  summary: 'Take the responsibility for a node whose fencing was never tested; the status goes on saying so',
  secured: 'token',
  parameters: [nodeInPath],
  answers: { 200: { description: 'The node, with the waiver', schema: Node } },
  failures: ['name_invalid', 'node_not_found', 'not_synchronised', 'no_quorum', 'cluster_missing'],
  ...withBody(FenceWaive, async ({ gateway }, call, body) => {
    const name = check(nameSchema, call.parameters['name'], ['name']);
    return name.ok ? answerWith(await gateway.request('fence.waive', { ...body, name: name.value })) : name;
  }),
};

const unwaive: Endpoint = {
  id: 'endFencingWaiver',
  method: 'DELETE',
  path: '/nodes/{name}/fence-waiver',
  summary: 'Ask for a test of the fencing again',
  secured: 'token',
  parameters: [nodeInPath],
  body: undefined,
  answers: { 200: { description: 'The node, without a waiver', schema: Node } },
  failures: ['name_invalid', 'node_not_found', 'not_synchronised', 'no_quorum', 'cluster_missing'],
  handle: async ({ gateway }, call) => {
    const name = check(nameSchema, call.parameters['name'], ['name']);
    return name.ok ? answerWith(await gateway.request('fence.waive', { name: name.value })) : name;
  },
};

const history: Endpoint = {
  id: 'listFencings',
  method: 'GET',
  path: '/fencings',
  summary: 'Nodes that were put out: why, by whom, by which devices, and how long it took; newest first',
  secured: 'token',
  parameters: [
    {
      name: 'limit',
      in: 'query',
      description: 'So many at most; 20 by default',
      schema: z.toJSONSchema(limitSchema, { io: 'input' }),
    },
  ],
  body: undefined,
  answers: { 200: { description: 'The fencings', schema: z.array(FencingDone) } },
  failures: ['body_invalid', 'cluster_missing'],
  handle: async ({ gateway }, call) => {
    const limit = optionalNumberOf(limitSchema, call.query['limit'], 'limit');
    return limit.ok ? answerWith(await gateway.request('fence.history', { limit: limit.value })) : limit;
  },
};

const discover: Endpoint = {
  id: 'discoverFenceDevice',
  method: 'POST',
  path: '/fence-discovery',
  summary:
    'Have a fence device say what it can switch, asked from this node, and propose whom each outlet or machine belongs to; changes nothing, and works before there is a cluster',
  secured: 'token',
  parameters: [],
  answers: { 200: { description: 'What it can switch', schema: Discovery } },
  failures: [
    'fence_unreachable',
    'fence_refused',
    'fence_not_confirmed',
    'fence_outlet_unknown',
    'disk_missing',
    'disk_too_small',
    'command_missing',
    'agent_parameters_invalid',
    'agent_timeout',
    'busy',
    'not_synchronised',
  ],
  ...withBody(FenceDiscover, async ({ gateway }, _call, body) =>
    answerWith(await gateway.request('fence.discover', body)),
  ),
};

export const fencingEndpoints: readonly Endpoint[] = [test, waive, unwaive, history, discover];
