import { expect, test } from 'vitest';
import {
  failed,
  failure,
  success,
  type OperationView,
  type Result,
  type NodeTask,
} from '../../../src/model/index.ts';
import { ConfiguredCluster, CREDENTIALS, type ConfiguredNode } from './configured.ts';

const SECRET = 'w1-what-a-person-was-shown';
const WITNESS = { address: '10.0.0.9', tls: 'required' as const };
const add = { witness: { address: WITNESS.address }, secret: SECRET };

/** The order in which the nodes did their parts, such as `alpha prepare`. */
function watched(cluster: ConfiguredCluster): string[] {
  const order: string[] = [];
  for (const node of cluster.nodes) {
    const before = node.carryOut;
    node.carryOut = async (task) => {
      order.push(`${node.name} ${task.kind}${task.kind === 'apply' && task.reload ? ' and reload' : ''}`);
      return before(task);
    };
  }
  return order;
}

const refusing = (code: 'command_missing' | 'witness_unreachable') => (): Promise<Result<void>> =>
  Promise.resolve(failed(failure(code, 'as the test wants it')));

/** Its part stays unanswered, as that of a node that is slow, until it is let go. */
function held(node: ConfiguredNode, kind: NodeTask['kind']): () => void {
  const { promise, resolve } = Promise.withResolvers<Result<void>>();
  const before = node.carryOut;
  node.carryOut = (task) => (task.kind === kind ? promise : before(task));
  return () => resolve(success(undefined));
}

async function begun(cluster: ConfiguredCluster, request: typeof add | object = add): Promise<OperationView> {
  const { operation } = await cluster.told(cluster.alpha, 'witness.add', request as typeof add);
  if (operation === undefined) throw new Error('nothing was begun');
  return operation;
}

const operation = (cluster: ConfiguredCluster, { id }: OperationView): Promise<OperationView> =>
  cluster.told(cluster.alpha, 'operation', { id });

async function withWitness(): Promise<ConfiguredCluster> {
  const cluster = await ConfiguredCluster.formed();
  await begun(cluster);
  await cluster.pass(10_000);
  expect(cluster.beta.config.witness).toEqual(WITNESS);
  return cluster;
}

test('a witness comes step by step: nobody writes before all are ready, nobody reloads before all have written', async () => {
  const cluster = await ConfiguredCluster.formed();
  const order = watched(cluster);
  const adding = await begun(cluster);
  expect(adding).toMatchObject({ kind: 'witness.add', subject: WITNESS.address, state: 'running' });
  await cluster.pass(10_000);

  expect(order.map((part) => part.split(' ')[1])).toEqual([
    ...['prepare', 'prepare'],
    ...['write', 'write'],
    ...['apply', 'apply'],
  ]);
  // One of them, the DC, has Corosync read its configuration anew: on all nodes at once.
  expect(order.filter((part) => part.endsWith('reload'))).toHaveLength(1);
  expect(cluster.beta.tasks).toMatchObject([
    { kind: 'prepare', witness: WITNESS, secrets: CREDENTIALS },
    { kind: 'write', nodes: 2, witness: WITNESS },
    { kind: 'apply', nodes: 2, id: 2, witness: WITNESS },
  ]);
  const ended = await operation(cluster, adding);
  expect(ended).toMatchObject({ state: 'succeeded' });
  expect(ended.progress).toBeUndefined();
  for (const node of cluster.nodes) {
    expect(node.config.witness).toEqual(WITNESS);
    expect(node.config.witnessChange).toBeUndefined();
  }
  expect(await cluster.agree()).toBe(true);
});

test('how far it is, and what holds it up, is told by the operation and the status', async () => {
  const cluster = await ConfiguredCluster.formed();
  cluster.beta.carryOut = (task) =>
    task.kind === 'apply' ? refusing('witness_unreachable')() : Promise.resolve(success(undefined));
  const adding = await begun(cluster);
  await cluster.pass(20_000);
  expect(await operation(cluster, adding)).toMatchObject({
    state: 'running',
    progress: expect.stringMatching(/^step 3 of 3: .*; beta: as the test wants it$/) as string,
  });
  expect(await cluster.problems(cluster.alpha)).toContainEqual(
    expect.objectContaining({
      code: 'witness_changing',
      message: expect.stringContaining('beta: as the test wants it') as string,
      next: expect.stringContaining('keelson witness remove') as string,
    }),
  );
  expect((await cluster.told(cluster.alpha, 'status', {})).witness).toMatchObject({ change: 'adding' });
  // Beta tries again by itself, and what was missing has come.
  cluster.beta.carryOut = () => Promise.resolve(success(undefined));
  await cluster.pass(10_000);
  expect(await operation(cluster, adding)).toMatchObject({ state: 'succeeded' });
});

test('the same again gives the same answer; another one is refused, and so is a node’s own address', async () => {
  const cluster = await ConfiguredCluster.formed();
  const letGo = held(cluster.beta, 'prepare');
  const adding = await begun(cluster);
  expect((await begun(cluster)).id).toBe(adding.id);
  const other = { witness: { ...WITNESS, address: '10.0.0.8' } };
  const code = async (request: typeof other): Promise<string | undefined> => {
    const answer = await cluster.ask(cluster.beta, 'witness.add', request);
    return answer.ok ? undefined : answer.failure.code;
  };
  expect(await code(other)).toBe('witness_busy');
  letGo();
  await cluster.pass(10_000);

  expect(await cluster.told(cluster.beta, 'witness.add', add)).toEqual({ operation: undefined });
  expect(await code(other)).toBe('witness_exists');
  expect(await code({ witness: { ...WITNESS, tls: 'off' as never } })).toBe('witness_exists');
  const { revision } = cluster.alpha.config;
  const own = Object.values(cluster.alpha.config.nodes)[0]?.cluster ?? '';
  expect(await code({ witness: { ...WITNESS, address: own } })).toBe('witness_invalid');
  expect(cluster.alpha.config.revision).toBe(revision);
});

test('neither comes nor goes one while a node is away', async () => {
  const cluster = await ConfiguredCluster.formed();
  cluster.stop(cluster.beta);
  await cluster.pass(20_000);
  const { revision } = cluster.alpha.config;
  expect(await cluster.ask(cluster.alpha, 'witness.add', add)).toMatchObject({
    failure: { code: 'witness_needs_all_nodes', message: expect.stringContaining('beta') as string },
  });
  expect(cluster.alpha.config.revision).toBe(revision);
  expect(cluster.alpha.tasks).toEqual([]);
  await cluster.start(cluster.beta);
  await cluster.pass(20_000);
  await begun(cluster);
  await cluster.pass(10_000);
  cluster.stop(cluster.beta);
  await cluster.pass(20_000);
  expect(await cluster.ask(cluster.alpha, 'witness.remove', {})).toMatchObject({
    failure: { code: 'witness_needs_all_nodes' },
  });
  expect(cluster.alpha.config.witness).toEqual(WITNESS);
});

test('where a node cannot prepare for it, the operation says so, and nothing was written anywhere', async () => {
  const cluster = await ConfiguredCluster.formed();
  cluster.beta.carryOut = refusing('command_missing');
  const adding = await begun(cluster);
  await cluster.pass(10_000);
  expect(await operation(cluster, adding)).toMatchObject({
    state: 'failed',
    failure: { code: 'command_missing', message: 'beta: as the test wants it' },
  });
  expect(cluster.alpha.config).not.toHaveProperty('witness');
  expect(cluster.alpha.config).not.toHaveProperty('witnessChange');
  for (const { tasks } of cluster.nodes) expect(tasks.map(({ kind }) => kind)).toEqual(['prepare']);
  // The next attempt begins anew.
  cluster.beta.carryOut = () => Promise.resolve(success(undefined));
  await begun(cluster);
  await cluster.pass(10_000);
  expect(cluster.alpha.config.witness).toEqual(WITNESS);
});

test.each(['prepare', 'write', 'apply'] as const)(
  'a node that loses power while it is to %s goes on with that when it is back, and nobody goes further without it',
  async (kind) => {
    const cluster = await ConfiguredCluster.formed();
    held(cluster.beta, kind);
    const order = watched(cluster);
    const adding = await begun(cluster);
    await cluster.pass(1000);
    cluster.stop(cluster.beta);
    const before = order.length;
    await cluster.pass(60_000);
    // Alpha may repeat what it was told, but Corosync takes no new rules, and no step is taken.
    expect(order.slice(before).filter((part) => part !== `alpha ${kind}`)).toEqual([]);
    expect(await operation(cluster, adding)).toMatchObject({ state: 'running' });

    cluster.beta.carryOut = () => Promise.resolve(success(undefined));
    cluster.beta.tasks.length = 0;
    await cluster.start(cluster.beta);
    await cluster.pass(20_000);
    expect(cluster.beta.tasks[0]?.kind).toBe(kind);
    expect(await operation(cluster, adding)).toMatchObject({ state: 'succeeded' });
    expect(await cluster.agree()).toBe(true);
  },
);

test('three votes and no witness yet: the node that is left has no quorum, and asks the witness all the same', async () => {
  const cluster = await ConfiguredCluster.formed();
  cluster.alpha.carryOut = (task) =>
    task.kind === 'apply' ? refusing('witness_unreachable')() : Promise.resolve(success(undefined));
  cluster.beta.carryOut = cluster.alpha.carryOut;
  const adding = await begun(cluster);
  await cluster.pass(1000);
  cluster.quorate = false;
  cluster.stop(cluster.beta);
  await cluster.settle();
  cluster.alpha.tasks.length = 0;
  await cluster.pass(10_000);
  expect((await cluster.told(cluster.alpha, 'status', {})).quorate).toBe(false);
  // By itself it has Corosync read nothing anew: the other node would have other rules.
  expect(cluster.alpha.tasks.length).toBeGreaterThan(1);
  for (const task of cluster.alpha.tasks) expect(task).toMatchObject({ kind: 'apply', reload: false });

  cluster.alpha.carryOut = cluster.beta.carryOut = () => Promise.resolve(success(undefined));
  cluster.quorate = true;
  await cluster.pass(20_000);
  await cluster.start(cluster.beta);
  await cluster.pass(30_000);
  expect(await operation(cluster, adding)).toMatchObject({ state: 'succeeded' });
});

test('it goes by the same way, back to the rules without one; where there is none nothing is done', async () => {
  const cluster = await withWitness();
  const letGo = held(cluster.alpha, 'write');
  const order = watched(cluster);
  const { operation: going } = await cluster.told(cluster.beta, 'witness.remove', {});
  expect(going).toMatchObject({ kind: 'witness.remove', subject: WITNESS.address, state: 'running' });
  expect((await cluster.told(cluster.alpha, 'status', {})).witness).toMatchObject({ change: 'removing' });
  letGo();
  await cluster.pass(10_000);
  expect(order.map((part) => part.split(' ')[1])).toEqual(['write', 'write', 'apply', 'apply']);
  expect(cluster.alpha.tasks.at(-1)).toMatchObject({ kind: 'apply', nodes: 2, witness: undefined });
  expect(cluster.alpha.config).not.toHaveProperty('witness');
  expect((await cluster.told(cluster.alpha, 'status', {})).witness).toBeUndefined();
  expect(await cluster.told(cluster.alpha, 'witness.remove', {})).toEqual({ operation: undefined });
});

test('an addition that does not get on is ended by a removal: dropped, or taken back where nodes have written it down', async () => {
  const cluster = await ConfiguredCluster.formed();
  held(cluster.beta, 'prepare');
  const first = await begun(cluster);
  expect(await cluster.told(cluster.alpha, 'witness.remove', {})).toEqual({ operation: undefined });
  expect(await operation(cluster, first)).toMatchObject({ failure: { code: 'witness_removed' } });
  expect(cluster.alpha.config).not.toHaveProperty('witnessChange');

  const again = await ConfiguredCluster.formed();
  again.beta.carryOut = (task) =>
    task.kind === 'apply' && task.witness !== undefined
      ? refusing('witness_unreachable')()
      : Promise.resolve(success(undefined));
  const second = await begun(again);
  await again.pass(10_000);
  const order = watched(again);
  const { operation: going } = await again.told(again.alpha, 'witness.remove', {});
  await again.pass(10_000);
  expect(order.map((part) => part.split(' ')[1])).toEqual(['write', 'write', 'apply', 'apply']);
  expect(await operation(again, second)).toMatchObject({ failure: { code: 'witness_removed' } });
  expect(going && (await operation(again, going))).toMatchObject({ state: 'succeeded' });
  expect(again.alpha.config).not.toHaveProperty('witness');
});

test('an earlier revision neither brings a witness back nor takes one away', async () => {
  const cluster = await withWitness();
  const restored = await cluster.told(cluster.alpha, 'config.restore', { revision: 1 });
  expect(restored.kept).toContainEqual(expect.objectContaining({ subject: 'witness' }));
  expect(cluster.alpha.config.witness).toEqual(WITNESS);
});

test('the certificates for the other node are seen nowhere, and are gone with the change', async () => {
  const cluster = await ConfiguredCluster.formed();
  const letGo = held(cluster.beta, 'prepare');
  await begun(cluster);
  const { revision } = cluster.alpha.config;
  expect(JSON.stringify(cluster.alpha.config)).toContain(CREDENTIALS.identity);
  const asked = [
    await cluster.told(cluster.alpha, 'config', {}),
    await cluster.told(cluster.alpha, 'config.history', {}),
    await cluster.told(cluster.alpha, 'config.diff', { from: revision - 1 }),
    await cluster.told(cluster.alpha, 'status', {}),
    cluster.alpha.events,
  ];
  for (const secret of [CREDENTIALS.identity, CREDENTIALS.authority, SECRET])
    expect(JSON.stringify(asked)).not.toContain(secret);
  letGo();
  await cluster.pass(10_000);
  expect(JSON.stringify(cluster.alpha.config)).not.toContain(CREDENTIALS.identity);
});
