import { failed, failure } from '../../model/index.ts';
import { answerWith, withBody, type Endpoint } from '../endpoint.ts';
import {
  Invited,
  JoinCodeAsk,
  JoinCodeShown,
  Joined,
  SetupInvited,
  SetupJoin,
  SetupLook,
  SetupView,
} from '../schemas/index.ts';

const code: Endpoint = {
  id: 'makeJoinCode',
  method: 'POST',
  path: '/cluster/join-code',
  summary:
    'On a node that belongs to no cluster: the code by which a set-up on the other node finds this one; valid for 24 hours, the same until it has been used',
  secured: 'token',
  parameters: [],
  answers: { 200: { description: 'The code', schema: JoinCodeShown } },
  failures: ['address_invalid', 'cluster_exists'],
  ...withBody(JoinCodeAsk, async ({ gateway }, _call, body) =>
    answerWith(await gateway.request('cluster.join-code', body ?? {})),
  ),
};

const ofTheOther = [
  'join_code_wrong',
  'peer_unreachable',
  'peer_not_trusted',
  'cluster_exists',
  'busy',
] as const;

const look: Endpoint = {
  id: 'lookForSetup',
  method: 'POST',
  path: '/setup/look',
  summary:
    'Before there is a cluster: what this machine, and the one that a join code is of, have to offer, and what would forbid what is planned; changes nothing, and takes seconds',
  secured: 'token',
  parameters: [],
  answers: { 200: { description: 'Both machines, and what was found, worst first', schema: SetupView } },
  failures: [...ofTheOther, 'cluster_file_invalid', 'name_invalid', 'iqn_invalid', 'address_invalid'],
  ...withBody(SetupLook, async ({ gateway }, _call, body) =>
    answerWith(await gateway.request('setup.look', body)),
  ),
};

const join: Endpoint = {
  id: 'joinByCode',
  method: 'POST',
  path: '/setup/join',
  summary: 'Have the machine that a join code is of join the cluster of this node',
  secured: 'token',
  parameters: [],
  answers: { 200: { description: 'It belongs to the cluster', schema: Joined } },
  failures: [
    ...ofTheOther,
    'name_invalid',
    'cluster_missing',
    'node_not_found',
    'node_name_differs',
    'node_already_member',
    'command_missing',
    'host_setup_failed',
    'disk_missing',
    'disk_has_data',
    'fence_disk_wrong',
    'fence_unreachable',
    'watchdog_missing',
    'watchdog_busy',
  ],
  ...withBody(SetupJoin, async ({ gateway }, _call, body) =>
    answerWith(await gateway.request('setup.join', body)),
  ),
};

const invited: Endpoint = {
  id: 'obeyInvitation',
  method: 'POST',
  path: '/setup/invited',
  summary:
    'The other side of both, asked by the node where the set-up runs, which proves that it has the code',
  secured: 'join-code',
  parameters: [],
  answers: { 200: { description: 'What was done, signed', schema: Invited } },
  failures: ['join_code_wrong', 'cluster_exists', 'cluster_missing', 'busy'],
  ...withBody(SetupInvited, async ({ gateway, invitations }, call, body) =>
    invitations.admits(call.remote)
      ? answerWith(await gateway.request('setup.invited', body))
      : failed(failure('busy', 'Too many were sent with a join code; wait a minute')),
  ),
};

export const setupEndpoints: readonly Endpoint[] = [code, look, join, invited];
