import { failed, failure } from '../../model/index.ts';
import { answerWith, withBody, type Endpoint } from '../endpoint.ts';
import {
  Admitted,
  ClusterAdmit,
  ClusterInit,
  ClusterJoin,
  Formed,
  Joined,
  JoinSecret,
} from '../schemas/index.ts';

const init: Endpoint = {
  id: 'initCluster',
  method: 'POST',
  path: '/cluster',
  summary: 'Form a cluster from a cluster file, with this node as its first',
  secured: 'token',
  parameters: [],
  answers: {
    200: {
      description: 'The secret with which the other node joins, valid for 24 hours',
      schema: Formed,
    },
  },
  failures: [
    'cluster_file_invalid',
    'fence_test_only',
    'name_invalid',
    'iqn_invalid',
    'address_invalid',
    'node_not_found',
    'node_name_differs',
    'cluster_exists',
    'command_missing',
    'host_setup_failed',
    'disk_missing',
    'disk_has_data',
    'disk_too_small',
    'sbd_disk_foreign',
    'sbd_disk_lost',
    'fence_disk_wrong',
    'watchdog_missing',
    'watchdog_busy',
    'witness_secret_missing',
    'witness_secret_wrong',
    'witness_secret_expired',
    'witness_setup_unreachable',
    'witness_unreachable',
    'witness_not_running',
    'witness_name_taken',
    'witness_clock_differs',
  ],
  ...withBody(ClusterInit, async ({ gateway }, _call, body) =>
    answerWith(await gateway.request('cluster.init', body)),
  ),
};

const join: Endpoint = {
  id: 'joinCluster',
  method: 'POST',
  path: '/cluster/join',
  summary: 'Have this node join the cluster of the node at an address',
  secured: 'token',
  parameters: [],
  answers: { 200: { description: 'The node belongs to the cluster', schema: Joined } },
  failures: [
    'name_invalid',
    'address_invalid',
    'node_not_found',
    'node_name_differs',
    'node_already_member',
    'cluster_exists',
    'cluster_missing',
    'join_secret_wrong',
    'peer_unreachable',
    'peer_not_trusted',
    'command_missing',
    'host_setup_failed',
    'disk_missing',
    'disk_has_data',
    'fence_disk_wrong',
    'fence_unreachable',
    'watchdog_missing',
    'watchdog_busy',
  ],
  ...withBody(ClusterJoin, async ({ gateway }, _call, body) =>
    answerWith(await gateway.request('cluster.join', body)),
  ),
};

const admit: Endpoint = {
  id: 'admitNode',
  method: 'POST',
  path: '/cluster/admit',
  summary: 'The other side of a join, asked by the joining node, which proves itself by the secret',
  secured: 'join-secret',
  parameters: [],
  answers: { 200: { description: 'All that the node needs to be a member', schema: Admitted } },
  failures: [
    'name_invalid',
    'join_secret_wrong',
    'node_not_found',
    'node_already_member',
    'cluster_missing',
    'busy',
  ],
  ...withBody(ClusterAdmit, async ({ gateway, admissions }, call, body) =>
    admissions.admits(call.remote)
      ? answerWith(await gateway.request('cluster.admit', body))
      : failed(failure('busy', 'Too many nodes asked to be admitted; wait a minute')),
  ),
};

const joinSecret: Endpoint = {
  id: 'showJoinSecret',
  method: 'GET',
  path: '/cluster/join-secret',
  summary: 'The secret with which a node joins; valid for 24 hours, then another is made',
  secured: 'token',
  parameters: [],
  body: undefined,
  answers: { 200: { description: 'The secret', schema: JoinSecret } },
  failures: ['cluster_missing'],
  handle: async ({ gateway }) => answerWith(await gateway.request('cluster.join-secret', {})),
};

export const clusterEndpoints: readonly Endpoint[] = [init, join, admit, joinSecret];
