import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpoints } from '../../../src/api/endpoints/index.ts';
import { ProblemDetails } from '../../../src/api/schemas/index.ts';
import { createDoctor } from '../../../src/daemon/doctor.ts';
import { createSetup } from '../../../src/daemon/setup.ts';
import { emptyStatus } from '../../../src/daemon/unformed.ts';
import { milliseconds, success, type ReplyOf } from '../../../src/model/index.ts';
import { alone, factsOf, healthyMachine } from '../doctor/machine.ts';
import { EngineGateway } from './engine-gateway.ts';
import { operation } from './fake-gateway.ts';
import { serveFrom, type Reply, type Served } from './served.ts';

let served: Served<EngineGateway>;
beforeAll(async () => {
  served = await serveFrom(new EngineGateway());
});
afterAll(() => served.close());

const initiators = ['iqn.2026-11.com.example:backup'];
const acknowledgement = 'beta is off';
const backup = {
  format: 'keelson-config',
  version: 1,
  clusterId: 'c',
  clusterName: 'san',
  revision: 7,
  savedAt: 1,
  salt: 'c2FsdA==',
  nonce: 'bm9uY2U=',
  sealed: 'c2VhbGVk',
} as const;
const difference = { kind: 'added', path: 'luns.orders.pool', before: undefined, after: '"main"' } as const;

/** Of a doctor that looks at a machine of the tests, as `keelsond` has it. */
async function doctorsReport(): Promise<ReplyOf<'doctor'>> {
  const nobody = (): Promise<never> => Promise.reject(new Error('asked without a cluster'));
  const doctor = createDoctor({
    hostName: 'san-a',
    member: () => undefined,
    clock: { now: () => milliseconds(1_795_000_000_000) },
    authkey: nobody,
    fingerprint: nobody,
    peers: nobody,
    found: () => undefined,
    look: () => factsOf(healthyMachine(), alone),
  });
  const report = await doctor.report({}, () => Promise.resolve(success(emptyStatus)));
  if (!report.ok) throw new Error(report.failure.message);
  return report.value;
}

/** Of a machine of the tests, that is looked at for a set-up. */
async function seenForSetup(): Promise<ReplyOf<'setup.look'>> {
  const setup = createSetup({
    hostName: 'san-a',
    clock: { now: () => milliseconds(1_795_000_000_000) },
    random: { hex: (count) => '0'.repeat(2 * count) },
    membership: { joinSecret: () => Promise.reject(new Error('asked without a cluster')) },
    current: () => undefined,
    look: () => factsOf(healthyMachine(), alone),
  });
  const seen = await setup.look({});
  if (!seen.ok) throw new Error(seen.failure.message);
  return seen.value;
}

/** What the daemon answers itself, without the engine. */
async function daemonAnswers(): Promise<EngineGateway['replies']> {
  const report = await doctorsReport();
  const seen = await seenForSetup();
  return {
    'setup.look': () => success({ ...seen, other: seen.machine }),
    'setup.join': () => success({ clusterName: 'san' }),
    'setup.invited': () => success({ answer: 'proof {}' }),
    'cluster.join-code': () =>
      success({ node: 'san-b', code: 'c', address: '10.0.0.2', validUntil: milliseconds(1) }),
    doctor: () => success(report),
    'doctor.examine': () => success({ examination: 'proof {}' }),
    'fence.discover': () =>
      success({ device: { kind: 'ipmi', address: '10.0.1.2' }, found: [], proposals: [] } as never),
    // The rules of quorum change with it, which the world of this test is not made for.
    'witness.add': () => success({ operation: operation({ kind: 'witness.add' }) }),
    'witness.remove': () => success({ operation: undefined }),
    // A copy has to be current, by the word of a kernel that the world of this test has none of.
    'node.replace': () => success({ operation: operation({ kind: 'node.replace' }) }),
    // So have two of them, which must have parted.
    'pool.recover': () => success({ operation: operation({ kind: 'pool.recover' }) }),
    config: () => success({ revision: 7, current: true, config: { format: 1 } }),
    'config.history': () =>
      success({
        entries: [
          { kind: 'change', revision: 7, at: milliseconds(1), by: 'api', what: 'x', undone: false },
          { kind: 'taken-over', revision: 6, at: undefined, by: 'engine', what: 'y', undone: true },
        ],
        more: true,
        damaged: false,
      }),
    'config.diff': () => success({ from: 1, to: 2, differences: [difference] }),
    'config.restore': () =>
      success({
        from: 1,
        revision: 8,
        dryRun: false,
        restored: [difference],
        kept: [{ subject: 's', reason: 'r' }],
      }),
    'config.save': () => success(backup),
    'config.load': () => success({ from: 1, revision: 8, dryRun: false, restored: [], kept: [] }),
    'config.lost': () =>
      success([
        {
          at: milliseconds(1),
          reason: 'r',
          before: 3,
          after: 4,
          changes: [{ revision: 3, at: milliseconds(1), by: 'api', what: 'w' }],
          differences: [difference],
        },
      ]),
    'config.lost.clear': () => success({ cleared: 1 }),
    'cluster.init': () =>
      success({ joinSecret: 's', token: { milliseconds: milliseconds(1000), reason: 'the least' } }),
    'cluster.join': () => success({ clusterName: 'san' }),
    'cluster.admit': () => success({ bundle: 'b' }),
    'cluster.join-secret': () => success({ joinSecret: 's' }),
  };
}

type Case = readonly [id: string, method: string, path: string, body?: object];

/** In the order in which an operator might ask, each of them at least once. */
const cases: readonly Case[] = [
  ['showStatus', 'GET', '/status'],
  ['listNodes', 'GET', '/nodes'],
  ['showDocument', 'GET', '/cluster/document'],
  ['listResources', 'GET', '/resources'],
  ['listFencings', 'GET', '/fencings'],
  ['createHost', 'POST', '/hosts', { name: 'backup', initiators, chap: { secret: 'correct-horse-1' } }],
  ['setHost', 'PATCH', '/hosts/backup', { mutualChap: { secret: 'battery-staple' } }],
  ['createLun', 'POST', '/luns', { name: 'orders', size: '32MiB', hosts: ['client'] }],
  ['createLun', 'POST', '/luns', { name: 'orders', size: '32MiB', hosts: ['client'] }],
  ['growLun', 'PATCH', '/luns/orders', { size: '64MiB' }],
  ['growLun', 'PATCH', '/luns/orders', { size: '64MiB' }],
  ['mapLun', 'PUT', '/luns/data/hosts/backup', { readOnly: true }],
  ['createLun', 'POST', '/luns', { name: 'db', size: '32MiB', thin: true, hosts: ['client'] }],
  ['createSnapshot', 'POST', '/snapshots', { name: 'db@monday' }],
  ['createSnapshot', 'POST', '/snapshots', { name: 'db@monday' }],
  ['listSnapshots', 'GET', '/snapshots?lun=db&name=db@m*&limit=1'],
  ['showSnapshot', 'GET', '/snapshots/db%40monday'],
  ['cloneLun', 'POST', '/clones', { name: 'test', from: 'db@monday' }],
  ['cloneLun', 'POST', '/clones', { name: 'test', from: 'db@monday' }],
  ['rollBackLun', 'POST', '/luns/db/rollback?force=true', { snapshot: 'db@monday' }],
  ['listSnapshots', 'GET', '/snapshots'],
  ['showLun', 'GET', '/luns/test'],
  ['deleteSnapshot', 'DELETE', '/snapshots/db@monday'],
  ['deleteSnapshot', 'DELETE', '/snapshots/db@nothing'],
  ['deleteLun', 'DELETE', '/luns/db?snapshots=true&force=true'],
  ['listLuns', 'GET', '/luns'],
  ['listLuns', 'GET', '/luns?host=backup&limit=1'],
  ['showLun', 'GET', '/luns/data'],
  ['listPools', 'GET', '/pools?name=m*'],
  ['showPool', 'GET', '/pools/main'],
  ['listTargets', 'GET', '/targets?pool=main'],
  ['showTarget', 'GET', '/targets/main'],
  ['addPortal', 'PUT', '/targets/main/portals/10.0.5.100', { prefix: 24 }],
  ['removePortal', 'DELETE', '/targets/main/portals/10.0.5.100?force=true'],
  ['removePortal', 'DELETE', '/targets/none/portals/10.0.5.100'],
  ['listHosts', 'GET', '/hosts?loggedIn=false'],
  ['showHost', 'GET', '/hosts/backup'],
  ['connectHost', 'GET', '/hosts/backup/connect-info'],
  ['listSessions', 'GET', '/sessions?lun=data'],
  ['unmapLun', 'DELETE', '/luns/data/hosts/backup'],
  ['unmapLun', 'DELETE', '/luns/nothing/hosts/backup'],
  ['deleteHost', 'DELETE', '/hosts/backup'],
  ['deleteHost', 'DELETE', '/hosts/nobody'],
  ['deleteLun', 'DELETE', '/luns/nothing'],
  ['putWitness', 'PUT', '/cluster/witness', { address: '10.0.9.9', tls: 'off' }],
  ['deleteWitness', 'DELETE', '/cluster/witness'],
  ['cleanUp', 'POST', '/cleanup', {}],
  ['setCluster', 'PATCH', '/cluster', { fenceAction: 'reboot' }],
  ['setResource', 'PATCH', '/resources/lun-data', { onDrift: 'report' }],
  ['waiveFencingTest', 'PUT', '/nodes/beta/fence-waiver', { reason: 'Ann has seen it' }],
  ['endFencingWaiver', 'DELETE', '/nodes/beta/fence-waiver'],
  ['testFencing', 'POST', '/nodes/beta/fence-test', { dry: true }],
  ['setNode', 'PATCH', '/nodes/beta', { standby: false }],
  ['leaveNode', 'POST', '/nodes/beta/leave', { force: true }],
  ['powerNodeOn', 'POST', '/nodes/beta/power-on'],
  ['confirmNodeOff', 'POST', '/nodes/beta/confirm-off', { acknowledgement }],
  ['replaceNode', 'POST', '/nodes/beta/replace', { disk: '/dev/disk/by-id/new' }],
  ['recoverPool', 'POST', '/pools/main/recover', { discard: 'beta' }],
  ['examine', 'POST', '/doctor', {}],
  [
    'examineForPeer',
    'POST',
    '/doctor/examination',
    {
      node: 'beta',
      nonce: '0'.repeat(32),
      proof: '0'.repeat(64),
    },
  ],
  ['showConfig', 'GET', '/config'],
  ['showRevision', 'GET', '/config/revisions/7'],
  ['showConfigHistory', 'GET', '/config/history'],
  ['compareConfigs', 'GET', '/config/diff?from=1'],
  ['restoreConfig', 'POST', '/config/restore', { revision: 1 }],
  ['saveConfig', 'POST', '/config/save', { passphrase: 'horse staple' }],
  ['loadConfig', 'POST', '/config/load', { backup, passphrase: 'horse staple' }],
  ['showLostConfig', 'GET', '/config/lost'],
  ['clearLostConfig', 'DELETE', '/config/lost'],
  ['joinCluster', 'POST', '/cluster/join', { address: '10.0.0.1', secret: 's', node: 'beta' }],
  ['admitNode', 'POST', '/cluster/admit', { secret: 's', node: 'beta' }],
  ['showJoinSecret', 'GET', '/cluster/join-secret'],
  ['makeJoinCode', 'POST', '/cluster/join-code', {}],
  ['lookForSetup', 'POST', '/setup/look', { code: 'c' }],
  ['joinByCode', 'POST', '/setup/join', { code: 'c', node: 'beta' }],
  [
    'obeyInvitation',
    'POST',
    '/setup/invited',
    { nonce: '0'.repeat(32), proof: '0'.repeat(64), order: { kind: 'hello' } },
  ],
];

/** Checked elsewhere: a stream, and two whose requests are long. */
const elsewhere = ['followEvents', 'initCluster', 'discoverFenceDevice'];

interface Documented {
  readonly paths: Record<string, Record<string, { readonly responses: Record<string, object> }>>;
}

function expectDocumented(document: Documented, id: string, reply: Reply): void {
  const endpoint = endpoints.find((one) => one.id === id);
  expect(endpoint, id).toBeDefined();
  const responses =
    document.paths[`/api/v1${endpoint?.path ?? ''}`]?.[endpoint?.method.toLowerCase() ?? '']?.responses ?? {};
  expect(Object.keys(responses), `${id}: ${reply.text}`).toContain(String(reply.status));
  const schema = reply.status >= 400 ? ProblemDetails : endpoint?.answers[reply.status]?.schema;
  if (schema === undefined) expect(reply.text).toBe('');
  // Nothing is lost: what the schema knows is all that was answered.
  else expect(schema.parse(reply.body), id).toEqual(reply.body);
}

describe('what real engines and the daemon answer', () => {
  it('is what the OpenAPI document says of every address', { timeout: 60_000 }, async () => {
    served.gateway.replies = await daemonAnswers();
    const document = (await served.send('GET', '/api/v1/openapi.json')).body as unknown as Documented;
    const good = new Set<string>();
    for (const [id, method, path, body] of cases) {
      const reply = await served.send(method, `/api/v1${path}`, body);
      expectDocumented(document, id, reply);
      if (reply.status < 400) good.add(id);
      expect(JSON.stringify(reply.body)).not.toMatch(/horse|staple/);
      const { operation: begun } = reply.body as { operation?: { id: string } };
      if (begun === undefined || id === 'putWitness') continue;
      served.gateway.san.for(60_000);
      const shown = await served.send('GET', `/api/v1/operations/${begun.id}`);
      expectDocumented(document, 'showOperation', shown);
      good.add('showOperation');
    }
    const deleted = await served.send('DELETE', '/api/v1/luns/orders');
    expectDocumented(document, 'deleteLun', deleted);
    // These need a node that is lost or off; here they are refused, in the one shape of refusals.
    const refused = ['powerNodeOn', 'confirmNodeOff'];
    const all = endpoints.map(({ id }) => id);
    expect(all.filter((id) => !good.has(id) && !elsewhere.includes(id) && !refused.includes(id))).toEqual([]);
  });
});
