import { z } from 'zod';
import { check } from '../check.ts';
import { answerTagged, empty, json, withBody, type Call, type Endpoint } from '../endpoint.ts';
import {
  nameSchema,
  PortalAdd,
  portalAddressSchema,
  PortalPut,
  Target,
  TargetFilters,
} from '../schemas/index.ts';
import { etagHeader, ifMatch } from '../terms.ts';
import { askedOf, listParameters, pageAnswer } from './lists.ts';
import { inPath } from './path.ts';

const targets = { path: '/targets', filters: TargetFilters };
const name = inPath('name', 'Name of the target', nameSchema);
const portal = [name, inPath('address', 'Address of the portal, IPv4 or IPv6', portalAddressSchema)];

const nameOf = ({ parameters }: Call) => check(nameSchema, parameters['name'], ['name']);

const list: Endpoint = {
  id: 'listTargets',
  method: 'GET',
  path: '/targets',
  summary: 'The targets, all or those looked for: their portals, and who is logged in',
  secured: 'token',
  parameters: listParameters(TargetFilters),
  body: undefined,
  answers: { 200: { description: 'The targets, by name', schema: z.array(Target), headers: ['Link'] } },
  failures: ['name_invalid', 'cluster_missing'],
  handle: async ({ gateway }, call) => {
    const asked = askedOf(targets, call);
    return asked.ok ? pageAnswer(targets, call, await gateway.request('targets', asked.value)) : asked;
  },
};

const show: Endpoint = {
  id: 'showTarget',
  method: 'GET',
  path: '/targets/{name}',
  summary: 'One target',
  secured: 'token',
  parameters: [name],
  body: undefined,
  answers: { 200: { description: 'The target', schema: Target, headers: ['ETag'] } },
  failures: ['name_invalid', 'target_not_found', 'cluster_missing'],
  handle: async ({ gateway }, call) => {
    const checked = nameOf(call);
    return checked.ok ? answerTagged(await gateway.request('target', { name: checked.value })) : checked;
  },
};

const addPortal: Endpoint = {
  id: 'addPortal',
  method: 'PUT',
  path: '/targets/{name}/portals/{address}',
  summary:
    'Give a target another address, in whichever of the nodes’ networks it fits; the network is asked before whether somebody has it. Sessions through other portals notice nothing. Safe to repeat',
  secured: 'token',
  parameters: [...portal, ifMatch],
  answers: { 200: { description: 'The target', schema: Target, headers: ['ETag'] } },
  failures: [
    'name_invalid',
    'address_invalid',
    'target_not_found',
    'address_taken',
    'portal_unfit',
    'portal_limit',
    'command_missing',
    'command_failed',
    'agent_timeout',
    'cluster_missing',
    'no_quorum',
  ],
  ...withBody(PortalPut, async ({ gateway }, { parameters, terms }, { prefix }) => {
    const { name: target, address } = parameters;
    const asked = check(PortalAdd, { name: target, address, prefix });
    return asked.ok ? answerTagged(await gateway.request('portal.add', asked.value, terms)) : asked;
  }),
};

const removePortal: Endpoint = {
  id: 'removePortal',
  method: 'DELETE',
  path: '/targets/{name}/portals/{address}',
  summary:
    'Take an address of a target away, where no host is connected to it: first from the node, then from the target. Safe to repeat',
  secured: 'token',
  parameters: [
    ...portal,
    {
      name: 'force',
      in: 'query',
      description: 'Even where hosts are connected to it',
      schema: { type: 'boolean' },
    },
    ifMatch,
  ],
  body: undefined,
  answers: {
    200: {
      description: 'The target; a portal on its way out is `removing`',
      schema: Target,
      headers: ['ETag'],
    },
    204: { description: 'There is no such target (any more)' },
  },
  failures: [
    'name_invalid',
    'address_invalid',
    'portal_in_use',
    'portal_last',
    'cluster_missing',
    'no_quorum',
  ],
  handle: async ({ gateway }, call) => {
    const checked = nameOf(call);
    if (!checked.ok) return checked;
    const address = check(portalAddressSchema, call.parameters['address'], ['address']);
    if (!address.ok) return address;
    const force = check(z.enum(['true', 'false']).optional(), call.query['force'], ['force']);
    if (!force.ok) return force;
    const reply = await gateway.request(
      'portal.remove',
      { name: checked.value, address: address.value, force: force.value === 'true' },
      call.terms,
    );
    if (!reply.ok) return reply;
    const { target } = reply.value;
    return target === undefined ? empty : json(target, 200, etagHeader(target));
  },
};

export const targetEndpoints: readonly Endpoint[] = [list, show, addPortal, removePortal];
