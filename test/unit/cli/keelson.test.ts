import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  failed,
  failure,
  milliseconds,
  success,
  type LunView,
  type OperationView,
} from '../../../src/model/index.ts';
import { lun, operation, status } from '../api/fake-gateway.ts';
import { makeCertificate, serve, until, type Served } from '../api/served.ts';
import { keelson, start, towards } from './command.ts';

let served: Served;
beforeEach(async () => {
  served = await serve();
});
afterEach(() => served.close());

const asked = (kind: string): unknown => served.gateway.asked.find((one) => one.kind === kind)?.request;

describe('keelson status', () => {
  it('says first whether data is served', async () => {
    served.gateway.replies.status = () => success(status());
    const { code, stdout, stderr } = await keelson(served, ['status']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Data is served\. A failure now would be survived\./);
    expect(stdout).toContain('failing: lost without a word');
  });

  it('prints the body of the API with --json', async () => {
    served.gateway.replies.status = () => success(status());
    const { stdout } = await keelson(served, ['status', '--json']);
    const { body } = await served.send('GET', '/api/v1/status');
    expect(JSON.parse(stdout)).toEqual(body);
  });
});

describe('keelson lun', () => {
  it('create waits, tells its progress on standard error, and shows the LUN', async () => {
    let now: OperationView = operation();
    served.gateway.replies = {
      'lun.create': () => success({ lun: lun({ state: 'creating' }), operation: now }),
      operation: () => success(now),
      lun: () => success(lun()),
    };
    const words = ['lun', 'create', 'web', '--size', '10G', '--host', 'client', '--host', 'other'];
    const running = start([...towards(served), ...words]);
    await until(() => asked('operation') !== undefined);
    now = operation({ state: 'succeeded' });
    served.gateway.happens({ kind: 'operation.succeeded', subject: 'op-1' });
    const { code, stdout, stderr } = await running.ended;
    expect([code, stderr]).toEqual([0, 'making the LUN web (operation op-1)\n']);
    expect(stdout).toContain('10 GiB (10737418240 bytes)');
    expect(asked('lun.create')).toEqual({ name: 'web', size: 10 * 2 ** 30, hosts: ['client', 'other'] });
  });

  it('create --thin asks for a thin one', async () => {
    served.gateway.replies['lun.create'] = () =>
      success({ lun: lun({ thin: true }), operation: operation({ state: 'succeeded' }) });
    await keelson(served, ['lun', 'create', 'web', '--size', '10G', '--thin']);
    expect(asked('lun.create')).toEqual({ name: 'web', size: 10 * 2 ** 30, thin: true });
    served.gateway.replies['lun'] = () => success(lun({ thin: true }));
    expect((await keelson(served, ['lun', 'show', 'web'])).stdout).toMatch(/pool +pool1, thin/);
  });

  it('create ends with the failure of the operation', async () => {
    const ended = operation({ state: 'failed', failure: failure('pool_full', '3 GiB are free') });
    served.gateway.replies = {
      'lun.create': () => success({ lun: lun(), operation: operation() }),
      operation: () => success(ended),
    };
    const { code, stdout, stderr } = await keelson(served, ['lun', 'create', 'web', '--size', '10G']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('keelson: The pool has not enough free space: lun.create web: 3 GiB are free\n');
    expect(stderr).toContain('next: Ask for a smaller size or delete a LUN.\ncode: pool_full\n');
  });

  it('create --no-wait --json prints what was begun', async () => {
    served.gateway.replies['lun.create'] = () => success({ lun: lun(), operation: operation() });
    const words = ['lun', 'create', 'web', '--size', '1048576', '--no-wait', '--json'];
    const { code, stdout } = await keelson(served, words);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ lun: { name: 'web' }, operation: { state: 'running' } });
    expect(asked('lun.create')).toEqual({ name: 'web', size: 1_048_576 });
  });

  it.each(['-1', '10XB', 'NaN'])('create --size %s is refused by the API', async (size) => {
    const { code, stderr } = await keelson(served, ['lun', 'create', 'web', '--size', size]);
    expect([code, served.gateway.asked]).toEqual([1, []]);
    expect(stderr).toContain('code: size_invalid');
  });

  it('delete says where there was nothing to do', async () => {
    served.gateway.replies['lun.delete'] = () => success({ operation: undefined });
    const { code, stdout } = await keelson(served, ['lun', 'delete', 'web']);
    expect([code, stdout]).toEqual([0, 'There is no LUN web; nothing to do.\n']);
  });

  it('list looks for what is named, page by page to the end', async () => {
    served.gateway.replies.luns = ({ after }) =>
      after === undefined
        ? success({ items: [lun({ name: 'a' })], next: 'a' })
        : success({ items: [lun({ name: 'b' })] });
    const words = ['lun', 'list', '--pool', 'pool1', '--host', 'client', '--state', 'ready', '--json'];
    const { code, stdout } = await keelson(served, words);
    expect([code, (JSON.parse(stdout) as LunView[]).map(({ name }) => name)]).toEqual([0, ['a', 'b']]);
    const filters = { pool: 'pool1', host: 'client', state: 'ready', limit: 500 };
    expect(served.gateway.asked.map(({ request }) => request)).toEqual([filters, { ...filters, after: 'a' }]);
  });

  it('list and show print tables', async () => {
    served.gateway.replies = { luns: () => success({ items: [lun()] }), lun: () => success(lun()) };
    expect((await keelson(served, ['lun', 'list'])).stdout.split('\n')[1]).toMatch(
      /^web +10 GiB +pool1 +ready/,
    );
    expect((await keelson(served, ['lun', 'show', 'web'])).stdout).toContain('360014050123456789abcdef');
  });
});

describe('keelson cluster', () => {
  it('init sends the file, and prints the join secret alone on standard output', async () => {
    served.gateway.replies['cluster.init'] = () =>
      success({ joinSecret: 'the-secret', token: { milliseconds: milliseconds(1000), reason: 'the least' } });
    const words = ['cluster', 'init', '--file', 'docs/cluster.example.yaml', '--node', 'san-a'];
    const { code, stdout, stderr } = await keelson(served, words);
    expect([code, stdout]).toEqual([0, 'the-secret\n']);
    expect(stderr).toContain('1000 ms for a node (its token): the least');
    expect(asked('cluster.init')).toMatchObject({ node: 'san-a', file: { name: 'san' } });
  });

  it.each([
    ['standard input', ['--witness-secret-file', '-'], { input: 'very-secret\n' }],
    ['the environment', [], { environment: { KEELSON_WITNESS_SECRET: 'very-secret' } }],
  ])('init takes the witness secret from %s', async (_from, options, surroundings) => {
    served.gateway.replies['cluster.init'] = () =>
      success({ joinSecret: 'the-secret', token: { milliseconds: milliseconds(1000), reason: 'the least' } });
    const words = ['cluster', 'init', '--file', 'docs/cluster.example.yaml', '--node', 'san-a', ...options];
    const { code, stdout, stderr } = await keelson(served, words, surroundings);
    expect([code, stdout]).toEqual([0, 'the-secret\n']);
    expect(asked('cluster.init')).toMatchObject({ witnessSecret: 'very-secret' });
    expect(stderr).not.toContain('very-secret');
  });

  it('init reads one thing from standard input, not two', async () => {
    const words = ['cluster', 'init', '--file', '-', '--witness-secret-file', '-'];
    const { code } = await keelson(served, words, { input: 'name: san' });
    expect([code, served.gateway.asked]).toEqual([2, []]);
  });

  it('init asks nothing where the file is not YAML', async () => {
    const file = join(served.directory, 'broken.yaml');
    writeFileSync(file, 'name: [san');
    const { code, stderr } = await keelson(served, ['cluster', 'init', '--file', file]);
    expect([code, served.gateway.asked]).toEqual([2, []]);
    expect(stderr).toContain('neither YAML nor JSON');
  });

  it.each([
    ['standard input', ['--secret-file', '-'], { input: 'very-secret\n' }],
    ['the environment', [], { environment: { KEELSON_JOIN_SECRET: 'very-secret' } }],
  ])('join takes the secret from %s', async (_from, options, surroundings) => {
    served.gateway.replies['cluster.join'] = () => success({ clusterName: 'san' });
    const words = ['cluster', 'join', '--address', '10.77.0.11', '--node', 'san-b', ...options];
    const { code, stdout, stderr } = await keelson(served, words, surroundings);
    expect([code, stdout]).toEqual([0, 'This node belongs to the cluster san.\n']);
    expect(asked('cluster.join')).toEqual({ address: '10.77.0.11', secret: 'very-secret', node: 'san-b' });
    expect(stderr).not.toContain('very-secret');
  });

  it('join takes no secret as an argument, where every user could see it', async () => {
    const words = ['cluster', 'join', '--address', '10.77.0.11', '--secret', 'very-secret'];
    const { code } = await keelson(served, words);
    expect([code, served.gateway.asked]).toEqual([2, []]);
  });

  it('join without a secret is a wrong command', async () => {
    const { code, stderr } = await keelson(served, ['cluster', 'join', '--address', '10.77.0.11']);
    expect([code, stderr.split('\n').at(-2)]).toEqual([2, 'code: usage']);
  });
});

describe('keelson events', () => {
  it('prints what is remembered and ends; with --json one event a line', async () => {
    served.gateway.happens({ kind: 'node.lost', node: 'san-b', message: 'first' });
    served.gateway.happens({ kind: 'fencing.confirmed', message: 'second\u001b[2J' });
    const { code, stdout } = await keelson(served, ['events', '--json', '--after', '0']);
    expect(code).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { sequence: number }).sequence),
    ).toEqual([1, 2]);
    expect((await keelson(served, ['events', '--after', '1'])).stdout).toMatch(/^2 .*second\?\[2J\n$/);
  });

  it('--follow goes on until the stream ends', async () => {
    const running = start([...towards(served), 'events', '--follow']);
    await until(() => served.gateway.openStreams === 1);
    served.gateway.happens({ message: 'now' });
    await until(() => running.stdout().includes('now'));
    await served.api.close();
    const { code, stderr } = await running.ended;
    expect([code, stderr.split('\n').at(-2)]).toEqual([3, 'code: not_reachable']);
    expect(stderr).toContain('ended the stream');
  });
});

it('node list, operation show, cleanup and join-secret say what the API answers', async () => {
  served.gateway.replies = {
    nodes: () => success(status().nodes),
    operation: () => success(operation()),
    cleanup: () => success({ cleared: 2 }),
    'cluster.join-secret': () => success({ joinSecret: 's' }),
  };
  expect((await keelson(served, ['node', 'list'])).stdout).toContain('san-a: online, controller');
  expect((await keelson(served, ['operation', 'show', 'op-1'])).stdout).toContain('lun.create web');
  expect((await keelson(served, ['cleanup', 'lun-web', '--node', 'san-a'])).stdout).toContain('2 failures');
  expect(asked('cleanup')).toEqual({ resource: 'lun-web', node: 'san-a' });
  expect((await keelson(served, ['cluster', 'join-secret'])).stdout).toBe('s\n');
});

describe('what goes wrong', () => {
  it.each([
    [['nonsense']],
    [['lun', 'create', 'web']],
    [['status', '--colour']],
    [['completion', 'fish']],
    [[]],
  ])('ends with 2 for a command that cannot be understood: %j', async (words) => {
    expect((await keelson(served, words)).code).toBe(2);
  });

  it('ends with 0 for help and version', async () => {
    expect((await keelson(served, ['--help'])).code).toBe(0);
    expect((await keelson(served, ['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('ends with 3 where nobody listens, or the files are not there', async () => {
    const words = towards(served).with(1, 'https://127.0.0.1:9');
    const unheard = await start([...words, 'status']).ended;
    expect([unheard.code, unheard.stderr.split('\n').at(-2)]).toEqual([3, 'code: not_reachable']);
    expect((await start(['--token-file', '/nowhere', 'status']).ended).code).toBe(3);
  });

  it('ends with 3 where the engine does not answer', async () => {
    served.gateway.replies.status = () => failed(failure('engine_unreachable', 'no socket'));
    expect((await keelson(served, ['status'])).code).toBe(3);
  });

  it('ends with 3, and sends no token, where another certificate is shown', async () => {
    makeCertificate(served.directory, 'san-a');
    const { code, stderr } = await keelson(served, ['status']);
    expect([code, served.gateway.asked]).toEqual([3, []]);
    expect(stderr).toContain('shows another certificate');
  });

  it('ends with 1 for a wrong token, which may come from the environment', async () => {
    const { code, stderr } = await keelson(served, ['status'], { environment: { KEELSON_TOKEN: 'wrong' } });
    expect([code, stderr.split('\n').at(-2)]).toEqual([1, 'code: token_wrong']);
  });
});
