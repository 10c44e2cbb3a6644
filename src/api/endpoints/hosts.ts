import { z } from 'zod';
import { check } from '../check.ts';
import { answerTagged, empty, json, withBody, type Call, type Endpoint } from '../endpoint.ts';
import { connectInfo } from '../connect-info/connect-info.ts';
import {
  ConnectInfo,
  Host,
  HostCreate,
  HostFilters,
  HostSet,
  Lun,
  LunMap,
  nameSchema,
} from '../schemas/index.ts';
import { etagHeader, idempotencyKey, ifMatch } from '../terms.ts';
import { askedOf, listParameters, pageAnswer } from './lists.ts';
import { forceOf, forceParameter } from './force.ts';
import { inPath } from './path.ts';

const name = inPath('name', 'Name of the host', nameSchema);
const mapped = [
  inPath('name', 'Name of the LUN', nameSchema),
  inPath('host', 'Name of the host', nameSchema),
];

const nameOf = ({ parameters }: Call, parameter = 'name') =>
  check(nameSchema, parameters[parameter], ['name']);

const hosts = { path: '/hosts', filters: HostFilters };

const list: Endpoint = {
  id: 'listHosts',
  method: 'GET',
  path: '/hosts',
  summary: 'The hosts, all or those looked for: who may log in, and who sees which LUN',
  secured: 'token',
  parameters: listParameters(HostFilters),
  body: undefined,
  answers: { 200: { description: 'The hosts, by name', schema: z.array(Host), headers: ['Link'] } },
  failures: ['name_invalid', 'iqn_invalid', 'cluster_missing'],
  handle: async ({ gateway }, call) => {
    const asked = askedOf(hosts, call);
    return asked.ok ? pageAnswer(hosts, call, await gateway.request('hosts', asked.value)) : asked;
  },
};

const show: Endpoint = {
  id: 'showHost',
  method: 'GET',
  path: '/hosts/{name}',
  summary: 'One host',
  secured: 'token',
  parameters: [name],
  body: undefined,
  answers: { 200: { description: 'The host', schema: Host, headers: ['ETag'] } },
  failures: ['name_invalid', 'host_not_found', 'cluster_missing'],
  handle: async ({ gateway }, call) => {
    const checked = nameOf(call);
    return checked.ok ? answerTagged(await gateway.request('host', { name: checked.value })) : checked;
  },
};

const connect: Endpoint = {
  id: 'connectHost',
  method: 'GET',
  path: '/hosts/{name}/connect-info',
  summary: 'What a host has to be told to use its LUNs: Linux, Windows, ESXi; never a secret',
  secured: 'token',
  parameters: [name],
  body: undefined,
  answers: { 200: { description: 'Settings and commands', schema: ConnectInfo } },
  failures: ['name_invalid', 'host_not_found', 'cluster_missing'],
  handle: async ({ gateway }, call) => {
    const checked = nameOf(call);
    if (!checked.ok) return checked;
    const reach = await gateway.request('host.reach', { name: checked.value });
    return reach.ok ? json(connectInfo(reach.value)) : reach;
  },
};

const create: Endpoint = {
  id: 'createHost',
  method: 'POST',
  path: '/hosts',
  summary: 'Make a host; safe to repeat, the same parameters give the same host',
  secured: 'token',
  parameters: [idempotencyKey],
  answers: { 200: { description: 'The host', schema: Host, headers: ['ETag'] } },
  failures: [
    'name_invalid',
    'iqn_invalid',
    'chap_invalid',
    'name_taken',
    'initiator_taken',
    'cluster_missing',
    'no_quorum',
  ],
  ...withBody(HostCreate, async ({ gateway }, { terms }, body) =>
    answerTagged(await gateway.request('host.create', body, terms)),
  ),
};

const change: Endpoint = {
  id: 'setHost',
  method: 'PATCH',
  path: '/hosts/{name}',
  summary:
    'Change the initiators or the CHAP of a host. Sessions that are there go on; a changed secret counts from the next login on. An initiator that is logged in is not taken away',
  secured: 'token',
  parameters: [name, forceParameter, ifMatch],
  answers: { 200: { description: 'The host, as it is now', schema: Host, headers: ['ETag'] } },
  failures: [
    'name_invalid',
    'iqn_invalid',
    'chap_invalid',
    'host_not_found',
    'initiator_taken',
    'sessions_open',
    'sessions_unknown',
    'cluster_missing',
    'no_quorum',
  ],
  ...withBody(HostSet, async ({ gateway }, call, body) => {
    const checked = nameOf(call);
    if (!checked.ok) return checked;
    const force = forceOf(call);
    if (!force.ok) return force;
    const changes = { ...body, name: checked.value, ...force.value };
    return answerTagged(await gateway.request('host.set', changes, call.terms));
  }),
};

const remove: Endpoint = {
  id: 'deleteHost',
  method: 'DELETE',
  path: '/hosts/{name}',
  summary: 'Delete a host that sees no LUN and is not logged in; safe to repeat',
  secured: 'token',
  parameters: [name, forceParameter, ifMatch],
  body: undefined,
  answers: { 204: { description: 'There is no such host (any more)' } },
  failures: [
    'name_invalid',
    'host_in_use',
    'sessions_open',
    'sessions_unknown',
    'cluster_missing',
    'no_quorum',
  ],
  handle: async ({ gateway }, call) => {
    const checked = nameOf(call);
    if (!checked.ok) return checked;
    const force = forceOf(call);
    if (!force.ok) return force;
    const wanted = { name: checked.value, ...force.value };
    const reply = await gateway.request('host.delete', wanted, call.terms);
    return reply.ok ? empty : reply;
  },
};

const map: Endpoint = {
  id: 'mapLun',
  method: 'PUT',
  path: '/luns/{name}/hosts/{host}',
  summary: 'Show a LUN to a host; safe to repeat, and changes whether the host can write',
  secured: 'token',
  parameters: [...mapped, ifMatch],
  answers: { 200: { description: 'The LUN', schema: Lun, headers: ['ETag'] } },
  failures: ['name_invalid', 'lun_not_found', 'host_not_found', 'lun_busy', 'cluster_missing', 'no_quorum'],
  ...withBody(LunMap, async ({ gateway }, call, body) => {
    const [lun, host] = [nameOf(call), nameOf(call, 'host')];
    if (!lun.ok) return lun;
    if (!host.ok) return host;
    return answerTagged(
      await gateway.request('lun.map', { ...body, name: lun.value, host: host.value }, call.terms),
    );
  }),
};

const unmap: Endpoint = {
  id: 'unmapLun',
  method: 'DELETE',
  path: '/luns/{name}/hosts/{host}',
  summary: 'Hide a LUN from a host that is not logged in; safe to repeat',
  secured: 'token',
  parameters: [...mapped, forceParameter, ifMatch],
  body: undefined,
  answers: {
    200: { description: 'The LUN', schema: Lun, headers: ['ETag'] },
    204: { description: 'There is no such LUN (any more)' },
  },
  failures: ['name_invalid', 'sessions_open', 'sessions_unknown', 'cluster_missing', 'no_quorum'],
  handle: async ({ gateway }, call) => {
    const [lun, host] = [nameOf(call), nameOf(call, 'host')];
    if (!lun.ok) return lun;
    if (!host.ok) return host;
    const force = forceOf(call);
    if (!force.ok) return force;
    const wanted = { name: lun.value, host: host.value, ...force.value };
    const reply = await gateway.request('lun.unmap', wanted, call.terms);
    if (!reply.ok) return reply;
    return reply.value.lun === undefined ? empty : json(reply.value.lun, 200, etagHeader(reply.value.lun));
  },
};

export const hostEndpoints: readonly Endpoint[] = [list, show, connect, create, change, remove, map, unmap];
