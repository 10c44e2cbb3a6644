import { expect, test } from 'vitest';
import { compile } from '../../../src/engine/blueprint/index.ts';
import { initialConfig } from '../../../src/engine/index.ts';
import { INFINITY, type ClusterConfig } from '../../../src/model/index.ts';

/** Three nodes, of which the first two have a disk of the pool. */
function config(): ClusterConfig {
  const formed = initialConfig(
    {
      name: 'three',
      nodes: ['alpha', 'beta', 'gamma'].map((name, index) => ({
        name,
        management: `10.0.0.1${index}`,
        cluster: `10.0.1.1${index}`,
        replication: `10.0.2.1${index}`,
        disk: '/dev/disk/by-id/data',
        fence: { kind: 'ipmi', address: `10.0.0.2${index}`, username: 'admin', password: 'none' },
      })),
      pool: { name: 'main', preferredNode: 'alpha' },
      target: { iqn: 'iqn.2026-11.com.example:main', portals: ['10.0.3.100/24'] },
      hosts: [],
    },
    { clusterId: '00', poolSecret: '00' },
  );
  const pool = formed.pools['main'];
  if (pool === undefined) throw new Error('there is no pool');
  const { alpha = '', beta = '' } = pool.disks;
  return { ...formed, pools: { main: { ...pool, disks: { alpha, beta } } } };
}

const bans = (of: ClusterConfig) =>
  compile(of)
    .locations.filter(({ resource, score }) => resource === 'drbd-main' && score === -INFINITY)
    .map(({ node, role }) => `${role} ${node}`);

test('the mirror is kept off a node that has no disk of it', () => {
  expect(bans(config())).toEqual(['started gamma']);
});

test('with one node alone having the current data, only the other one with a disk is banned from being promoted', () => {
  const three = config();
  const pool = three.pools['main'];
  if (pool === undefined) throw new Error('there is no pool');
  expect(bans({ ...three, pools: { main: { ...pool, solo: 'alpha' } } })).toEqual([
    'promoted beta',
    'started gamma',
  ]);
});
