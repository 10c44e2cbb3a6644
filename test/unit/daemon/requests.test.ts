import { expect, test, vi } from 'vitest';
import { createRequests, type Stage } from '../../../src/daemon/requests.ts';
import type { Records } from '../../../src/daemon/records.ts';
import type { Membership } from '../../../src/daemon/membership.ts';
import { emptyStatus } from '../../../src/daemon/unformed.ts';
import {
  failed,
  failure,
  milliseconds,
  success,
  type RequestKind,
  type WitnessView,
} from '../../../src/model/index.ts';

const caller = (uid = 0) => ({ uid, gid: 0, pid: 1, gone: new AbortController().signal });

function nodeIn(stage: Stage) {
  const membership = {
    init: vi.fn(() =>
      Promise.resolve(
        success({ joinSecret: 's', token: { milliseconds: milliseconds(1000), reason: 'the least' } }),
      ),
    ),
    join: vi.fn(() => Promise.resolve(success({ clusterName: 'san' }))),
    admit: vi.fn(() => Promise.resolve(success({ bundle: 'b' }))),
    joinSecret: vi.fn(() => Promise.resolve(success({ joinSecret: 's' }))),
  } satisfies Membership;
  const discovery = vi.fn(() =>
    Promise.resolve(success({ about: 'a disk', outlets: [], proposals: [], notes: [] })),
  );
  const nodes = (): readonly string[] => (stage.kind === 'running' ? ['san-a', 'san-b'] : []);
  const random = { hex: (bytes: number) => 'ab'.repeat(bytes) };
  const witnesses = { add: vi.fn(() => Promise.resolve(success({ operation: undefined }))) };
  const doctor = {
    examination: vi.fn(() => Promise.resolve(failed(failure('proof_wrong', 'no proof')))),
    report: vi.fn(() => Promise.resolve(failed(failure('busy', 'the doctor is looking')))),
  };
  const code = vi.fn(() => Promise.resolve(failed(failure('address_invalid', 'no address'))));
  const refused = vi.fn(() => Promise.resolve(failed(failure('join_code_wrong', 'another one'))));
  const setups = {
    invitation: { code, invited: refused },
    setup: { look: refused, join: refused },
  };
  const checkPortal = vi.fn(() => Promise.resolve(failed(failure('address_taken', 'somebody answers'))));
  const parts = { doctor, membership, discovery, nodes, witnesses, random, setups, checkPortal };
  const ask = createRequests({ stage: () => stage, ...parts });
  return { doctor, membership, discovery, witnesses, checkPortal, ask };
}

const nothing = (): Promise<never> => Promise.reject(new Error('not asked for'));
const records: Records = {
  show: nothing,
  history: nothing,
  diff: nothing,
  present: () => {
    throw new Error('not asked');
  },
  find: nothing,
  losses: nothing,
  clearLosses: nothing,
  health: { start: () => undefined, close: () => undefined },
};

const join = { address: '10.77.0.11', secret: 'x', node: 'san-b' };
const fitting: readonly (readonly [RequestKind, object])[] = [
  ['status', {}],
  ['lun', { name: 'web' }],
  ['lun.create', { name: 'web', size: 1024 }],
  ['cleanup', {}],
  ['cluster.join', join],
  ['cluster.admit', { secret: 'x', node: 'san-b' }],
  ['cluster.join-secret', {}],
  ['cluster.join-code', {}],
  ['setup.look', {}],
  ['setup.join', { code: 'x', node: 'san-b' }],
  ['setup.invited', { nonce: '0'.repeat(32), proof: '0'.repeat(64), order: { kind: 'hello' } }],
  ['fence.discover', { device: { kind: 'sbd', disks: ['/dev/disk/by-id/x'] } }],
  ['witness.add', { witness: { address: '10.0.0.9' } }],
  ['witness.remove', {}],
  ['fence-peer', { pool: 'pool1' }],
  ['fence-peer', { pool: 'pool1', role: 'Secondary' }],
];

test('a node that is just starting says so to everything, and changes nothing', async () => {
  const { ask, membership } = nodeIn({ kind: 'starting' });
  for (const [kind, request] of fitting)
    expect(await ask(kind, request, caller())).toMatchObject({ failure: { code: 'not_synchronised' } });
  expect(membership.join).not.toHaveBeenCalled();
});

test('a node with a damaged configuration neither forms nor joins over it', async () => {
  const { ask, membership } = nodeIn({
    kind: 'damaged',
    failure: failure('store_damaged', 'the header is damaged'),
  });
  for (const [kind, request] of fitting)
    expect(await ask(kind, request, caller())).toMatchObject({ failure: { code: 'store_damaged' } });
  expect(membership.join).not.toHaveBeenCalled();
});

test('a node without a cluster can be asked for its status, and joins', async () => {
  const { ask, membership } = nodeIn({ kind: 'unformed' });
  expect(await ask('status', {}, caller())).toMatchObject({ ok: true, value: { clusterName: undefined } });
  expect(await ask('luns', {}, caller())).toEqual(success({ items: [] }));
  expect(await ask('fence-peer', { pool: 'p' }, caller())).toMatchObject({
    failure: { code: 'cluster_missing' },
  });
  expect(await ask('cluster.join', join, caller())).toEqual(success({ clusterName: 'san' }));
  expect(membership.join).toHaveBeenCalledWith(join);
});

test('a fence device can be asked what it switches before there is a cluster, and in one for its nodes', async () => {
  const device = { kind: 'sbd', disks: ['/dev/disk/by-id/x'] };
  const before = nodeIn({ kind: 'unformed' });
  expect(await before.ask('fence.discover', { device, nodes: ['san-a'] }, caller())).toMatchObject({
    ok: true,
  });
  expect(before.discovery).toHaveBeenCalledWith({ device, nodes: ['san-a'] }, []);
  const request = (): Promise<never> => Promise.reject(new Error('the engine is not asked'));
  const member = nodeIn({ kind: 'running', runtime: { request }, records, witness: () => undefined });
  await member.ask('fence.discover', { device }, caller());
  expect(member.discovery).toHaveBeenCalledWith({ device }, ['san-a', 'san-b']);
});

test('the engine hears what fits, with the caller’s end', async () => {
  const request = vi.fn(() => Promise.resolve(failed(failure('no_quorum', 'alone'))));
  const { ask } = nodeIn({ kind: 'running', runtime: { request }, records, witness: () => undefined });
  const terms = { key: 'k' };
  const asking = caller();
  expect(await ask('lun.create', { name: 'web', size: 4096 }, asking, terms)).toMatchObject({ ok: false });
  expect(request).toHaveBeenCalledWith('lun.create', { name: 'web', size: 4096 }, asking.gone, terms);
});

test('where a machine is replaced, the engine is given keys that nobody had before; where a disk is, none', async () => {
  const request = vi.fn(() => Promise.resolve(failed(failure('no_quorum', 'alone'))));
  const { ask } = nodeIn({ kind: 'running', runtime: { request }, records, witness: () => undefined });
  const asking = caller();
  await ask('node.replace', { name: 'san-b', machine: true }, asking);
  const secrets = { authkey: 'ab'.repeat(128), token: 'ab'.repeat(32) };
  expect(request).toHaveBeenLastCalledWith(
    'node.replace',
    { name: 'san-b', machine: true, secrets },
    asking.gone,
  );
  const disk = { name: 'san-b', disk: '/dev/disk/by-id/new' };
  await ask('node.replace', disk, asking);
  expect(request).toHaveBeenLastCalledWith('node.replace', disk, asking.gone);
  // Neither is anybody else's keys, nor nothing at all.
  for (const wrong of [{ secrets }, {}])
    expect(await ask('node.replace', { name: 'san-b', ...wrong }, asking)).toMatchObject({
      failure: { code: 'body_invalid' },
    });
});

test('the status says whether the witness votes, which the engine does not know', async () => {
  const request = vi.fn(() => Promise.resolve(success(emptyStatus)));
  let seen: WitnessView | undefined = { address: '10.0.0.9', tls: 'required', votes: true };
  const { ask } = nodeIn({ kind: 'running', runtime: { request }, records, witness: () => seen });
  expect(await ask('status', {}, caller())).toEqual(success({ ...emptyStatus, witness: seen }));
  seen = undefined;
  expect(await ask('status', {}, caller())).toEqual(success(emptyStatus));
});

test.each<readonly [RequestKind, object]>([
  ['status', { more: 1 }],
  ['lun', {}],
  ['lun', { name: 'constructor' }],
  ['lun', { name: ['web'] }],
  ['operation', { id: '__proto__' }],
  ['operation', { id: 'toString' }],
  ['lun.create', { name: 'web', size: -1 }],
  ['lun.create', { name: 'web', size: 1, hosts: 'all' }],
  ['cleanup', { node: 7 }],
  ['cluster.init', { file: {}, node: 'san-a' }],
  ['cluster.admit', { secret: 5, node: 'san-b' }],
  ['fence.discover', { device: { kind: 'null' } }],
  ['fence.discover', { device: { kind: 'sbd', disks: ['/etc/passwd'] } }],
  ['witness.add', { address: '10.0.0.9' }],
  ['witness.add', { witness: { address: 'ten' } }],
  ['witness.remove', { force: true }],
  ['fence-peer', { pool: 'a b' }],
  ['fence-peer', { pool: 'pool1', role: 'primary' }],
])('%s with %j is refused before the engine hears of it', async (kind, request) => {
  const heard = vi.fn(() => Promise.resolve(success(null)));
  const { ask } = nodeIn({ kind: 'running', runtime: { request: heard }, records, witness: () => undefined });
  expect(await ask(kind, request, caller())).toMatchObject({ failure: { code: 'body_invalid' } });
  expect(heard).not.toHaveBeenCalled();
});

test('a witness is asked for its certificates before the engine hears of it', async () => {
  const request = vi.fn(() => Promise.resolve(success(null)));
  const runtime = { request };
  const { ask, witnesses } = nodeIn({ kind: 'running', runtime, records, witness: () => undefined });
  const asking = caller();
  const wanted = { witness: { address: '10.0.0.9' }, secret: 'w' };
  expect(await ask('witness.add', wanted, asking)).toEqual(success({ operation: undefined }));
  expect(witnesses.add).toHaveBeenCalledWith(runtime, wanted, asking.gone);
  expect(request).not.toHaveBeenCalled();
  await ask('witness.remove', {}, asking);
  expect(request).toHaveBeenCalledWith('witness.remove', {}, asking.gone, undefined);
});

test('the doctor is asked in whatever state the node is, with what is known of the cluster', async () => {
  const stages: readonly (readonly [Stage, object | undefined])[] = [
    [{ kind: 'starting' }, { failure: { code: 'not_synchronised' } }],
    [{ kind: 'unformed' }, undefined],
    [{ kind: 'damaged', failure: failure('store_damaged', 'x') }, { failure: { code: 'store_damaged' } }],
  ];
  for (const [stage, said] of stages) {
    const { ask, doctor } = nodeIn(stage);
    expect(await ask('doctor', {}, caller())).toMatchObject({ failure: { code: 'busy' } });
    const [, status] = doctor.report.mock.calls[0] as unknown as [object, () => Promise<unknown>];
    if (said === undefined) expect(await status()).toBeUndefined();
    else expect(await status()).toMatchObject(said);
  }
});

test('only root may have a node fenced', async () => {
  const heard = vi.fn(() => Promise.resolve(success({ exitCode: 7 })));
  const { ask } = nodeIn({ kind: 'running', runtime: { request: heard }, records, witness: () => undefined });
  expect(await ask('fence-peer', { pool: 'pool1' }, caller(990))).toMatchObject({
    failure: { code: 'not_allowed' },
  });
  expect(heard).not.toHaveBeenCalled();
  expect(await ask('fence-peer', { pool: 'pool1' }, caller(0))).toEqual(success({ exitCode: 7 }));
});

test('a portal’s address is asked for in the network before the engine hears of it, but not once it is there', async () => {
  const request = vi.fn((kind: RequestKind) =>
    Promise.resolve(
      kind === 'target'
        ? success({ portals: [{ address: '10.0.3.100' }] })
        : failed(failure('no_quorum', 'alone')),
    ),
  );
  const { ask, checkPortal } = nodeIn({
    kind: 'running',
    runtime: { request },
    records,
    witness: () => undefined,
  });
  const add = (address: string) => ask('portal.add', { name: 'main', address, prefix: 24 }, caller());
  expect(await add('10.0.3.101')).toMatchObject({ failure: { code: 'address_taken' } });
  expect(checkPortal).toHaveBeenCalledWith('10.0.3.101', 24);
  expect(request.mock.calls.map(([kind]) => kind)).toEqual(['target']);
  expect(await add('10.0.3.100')).toMatchObject({ failure: { code: 'no_quorum' } });
  expect(checkPortal).toHaveBeenCalledTimes(1);
  expect(await add('10.0.3.255')).toMatchObject({ failure: { code: 'body_invalid' } });
});
