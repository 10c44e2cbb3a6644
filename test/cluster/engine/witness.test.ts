import { afterEach, beforeAll, expect, test } from 'vitest';
import {
  milliseconds,
  type ClusterConfig,
  type OperationView,
  type RequestOf,
} from '../../../src/model/index.ts';
import type { ClusterNode } from '../nodes.ts';
import { installWitness, setUp } from '../witness-machine.ts';
import { hasVotes, outputOf, requireWitnessPackages, runOn } from '../witness-peers.ts';
import { startEngines, type EngineCluster } from './engine-cluster.ts';
import type { EngineNode } from './engine-node.ts';
import { createLun, inService } from './luns.ts';
import { cutSince, mirrorOf } from './story.ts';
import { until } from './wait.ts';

/** Corosync is on network 0, the witness is reached over network 1. */
const WITNESS = '10.99.1.3';

let cluster: EngineCluster | undefined;

beforeAll(requireWitnessPackages);

afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

/** Milliseconds: what is told here is the order of things, on a machine as busy as it may be. */
const PATIENCE = 400_000;

const patient = (config: ClusterConfig): ClusterConfig => ({
  ...config,
  properties: { ...config.properties, patience: 10, engineGrace: milliseconds(PATIENCE) },
});

/** Two nodes that serve, with the rules for two nodes, and a third machine. */
async function serving(): Promise<{ cluster: EngineCluster; witness: ClusterNode }> {
  cluster = await startEngines(2, { links: 2, beside: installWitness, config: patient });
  await cluster.well(PATIENCE);
  if (cluster.beside === undefined) throw new Error('there is no third machine');
  return { cluster, witness: cluster.beside };
}

type Add = RequestOf<'witness.add'>;

async function add(node: EngineNode, wanted: Add): Promise<OperationView> {
  const answer = await node.request('witness.add', wanted, 300);
  if (!answer.ok) throw new Error(`${answer.failure.code}: ${answer.failure.message}`);
  if (answer.value.operation === undefined) throw new Error('nothing was begun');
  return answer.value.operation;
}

const codeOf = async (node: EngineNode, wanted: Add): Promise<string | undefined> => {
  const answer = await node.request('witness.add', wanted, 60);
  return answer.ok ? undefined : answer.failure.code;
};

const succeeded = (node: EngineNode, { id }: OperationView): Promise<void> =>
  until(
    `operation ${id}`,
    async () => {
      const answer = await node.request('operation', { id });
      if (!answer.ok) return answer.failure.message;
      const { state, progress, failure } = answer.value;
      if (failure !== undefined) throw new Error(`${failure.code}: ${failure.message}`);
      return state === 'succeeded' ? undefined : progress;
    },
    PATIENCE,
  );

/** What votequorum itself says on a node. */
async function rules(node: EngineNode): Promise<{ readonly expected: string; readonly flags: string }> {
  const { stdout } = await outputOf(node.machine, ['corosync-quorumtool', '-s']);
  const value = (name: string): string => new RegExp(`^${name}:\\s+(.*?)\\s*$`, 'm').exec(stdout)?.[1] ?? '';
  return { expected: value('Expected votes'), flags: value('Flags') };
}

const witnessOf = async (node: EngineNode) => (await cluster?.status(node))?.witness;

test('a witness comes to a cluster that serves, decides who goes on, and goes again', async () => {
  const { cluster: engines, witness } = await serving();
  const [one, two] = engines.nodes as [EngineNode, EngineNode];
  const lun = await createLun(one);
  await inService(one, lun);
  expect(await rules(one)).toMatchObject({
    expected: '2',
    flags: expect.stringContaining('2Node') as string,
  });

  const asked: Add = { witness: { address: WITNESS } };
  const { child, secret } = await setUp(witness);
  const early = { ...asked, secret: `${secret.slice(0, -4)}0000` };
  expect(await codeOf(two, early)).toBe('witness_secret_wrong');
  expect(await codeOf(two, { witness: { ...asked.witness, tls: 'required' } })).toBe(
    'witness_secret_missing',
  );
  const adding = await add(two, { ...asked, secret });
  await child.ended;
  await succeeded(one, adding);
  for (const node of engines.nodes) {
    await hasVotes(node.machine, 3);
    expect(await rules(node)).toMatchObject({ expected: '3' });
    expect((await rules(node)).flags).not.toContain('2Node');
    expect((await node.stored()).config.witness).toEqual({ address: WITNESS, tls: 'required' });
    expect(JSON.stringify((await node.stored()).config)).not.toContain('BEGIN CERTIFICATE');
  }
  // Given again, it is there already; without a secret, since that is used up.
  const again = await one.request('witness.add', { witness: { address: WITNESS, tls: 'required' } }, 60);
  expect(again).toEqual({ ok: true, value: { operation: undefined } });
  expect(await codeOf(one, { witness: { address: '10.99.1.77' } })).toBe('witness_exists');
  await engines.well(PATIENCE);

  // The one that serves is cut from everything: it loses quorum, and fences nobody; the other has it, and takes over.
  const [before, other] = [await engines.serving(), await mirrorOf(engines)];
  const at = engines.now();
  await before.machine.cut();
  await cutSince(engines, at, before);
  await until(`${other.name} serves`, async () => {
    const view = await engines.status(other);
    return view?.quorate === true && view.pools[0]?.primary === other.name ? undefined : 'not yet';
  });
  expect(engines.journal().filter((entry) => entry.kind === 'off' && entry.node === other.name)).toEqual([]);
  await engines.well(PATIENCE);

  const removing = await one.request('witness.remove', {}, 60);
  if (!removing.ok || removing.value.operation === undefined) throw new Error(JSON.stringify(removing));
  await succeeded(two, removing.value.operation);
  for (const node of engines.nodes) {
    expect(await rules(node)).toMatchObject({
      expected: '2',
      flags: expect.stringContaining('2Node') as string,
    });
    const { stdout } = await outputOf(node.machine, ['cat', '/etc/corosync/corosync.conf']);
    expect(stdout).toContain('two_node: 1');
    expect(stdout).not.toContain('device');
    expect(await witnessOf(node)).toBeUndefined();
  }
  await engines.well(PATIENCE);
}, 1_800_000);

test('an addition that is interrupted, engine by engine, is completed; meanwhile the cluster serves', async () => {
  const { cluster: engines, witness } = await serving();
  const [one, two] = engines.nodes as [EngineNode, EngineNode];
  const asked: Add = { witness: { address: WITNESS, tls: 'off' } };
  expect(await codeOf(one, asked)).toBe('witness_unreachable');
  expect((await one.stored()).config.witnessChange).toBeUndefined();

  const qnetd = await runOn(witness, 'mkdir -p /run/corosync-qnetd; exec corosync-qnetd -f -s off');
  await until('corosync-qnetd listens', async () =>
    (await codeOf(one, { witness: { ...asked.witness, tls: 'on' } })) === 'witness_secret_missing'
      ? undefined
      : 'not yet',
  );
  // It takes connections and answers nobody: the last step does not get on.
  await until('corosync-qnetd is stopped while it listens', async () => {
    const { stdout } = await outputOf(witness, ['ss', '-ltn']);
    return stdout.includes(':5403') ? undefined : 'it does not listen yet';
  });
  await qnetd.kill('SIGSTOP');
  const adding = await add(one, asked);
  const starts = engines.nodes.map((node) => node.engineStarts());
  await two.signal('engine', 'SIGKILL');
  await until('all nodes go by three votes, and the witness says nothing', async () => {
    const answer = await one.request('operation', { id: adding.id });
    return answer.ok && answer.value.progress?.includes('does not vote yet') === true
      ? undefined
      : JSON.stringify(answer);
  });
  expect(await witnessOf(one)).toMatchObject({ address: WITNESS, change: 'adding' });
  for (const node of engines.nodes) expect(await rules(node)).toMatchObject({ expected: '3' });
  await (await engines.controller()).signal('engine', 'SIGKILL');
  await one.signal('engine', 'SIGKILL');
  // Both nodes are there, so there is quorum, and work is done.
  await inService(two, await createLun(two));
  expect((await one.stored()).config.witnessChange).toMatchObject({ kind: 'witness.add', phase: 'apply' });

  await qnetd.kill('SIGCONT');
  await succeeded(two, adding);
  for (const node of engines.nodes) await hasVotes(node.machine, 3);
  expect(engines.nodes.every((node, index) => node.engineStarts() > (starts[index] ?? 0))).toBe(true);
  await engines.well(PATIENCE);
}, 1_800_000);
