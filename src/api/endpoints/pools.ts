import { z } from 'zod';
import { check } from '../check.ts';
import { answerTagged, type Endpoint } from '../endpoint.ts';
import { nameSchema, Pool, PoolFilters } from '../schemas/index.ts';
import { askedOf, listParameters, pageAnswer } from './lists.ts';
import { inPath } from './path.ts';
import { recoverPool } from './pool-recovery.ts';

const pools = { path: '/pools', filters: PoolFilters };

const list: Endpoint = {
  id: 'listPools',
  method: 'GET',
  path: '/pools',
  summary: 'The pools: where they are served, what their copies are worth, how much is free',
  secured: 'token',
  parameters: listParameters(PoolFilters),
  body: undefined,
  answers: { 200: { description: 'The pools, by name', schema: z.array(Pool), headers: ['Link'] } },
  failures: ['name_invalid', 'cluster_missing'],
  handle: async ({ gateway }, call) => {
    const asked = askedOf(pools, call);
    return asked.ok ? pageAnswer(pools, call, await gateway.request('pools', asked.value)) : asked;
  },
};

const show: Endpoint = {
  id: 'showPool',
  method: 'GET',
  path: '/pools/{name}',
  summary: 'One pool',
  secured: 'token',
  parameters: [inPath('name', 'Name of the pool', nameSchema)],
  body: undefined,
  answers: { 200: { description: 'The pool', schema: Pool, headers: ['ETag'] } },
  failures: ['name_invalid', 'pool_not_found', 'cluster_missing'],
  handle: async ({ gateway }, call) => {
    const name = check(nameSchema, call.parameters['name'], ['name']);
    return name.ok ? answerTagged(await gateway.request('pool', { name: name.value })) : name;
  },
};

export const poolEndpoints: readonly Endpoint[] = [list, show, recoverPool];
