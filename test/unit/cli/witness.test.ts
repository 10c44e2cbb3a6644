import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { failed, failure, success } from '../../../src/model/index.ts';
import { operation } from '../api/fake-gateway.ts';
import { serve, type Served } from '../api/served.ts';
import { keelson } from './command.ts';

const adding = operation({ kind: 'witness.add', subject: '10.0.0.9', progress: 'step 1 of 3: looking' });
const removing = operation({ kind: 'witness.remove', subject: '10.0.0.9', progress: 'step 1 of 2: writing' });

let served: Served;
let folder: string;
beforeEach(async () => {
  served = await serve();
  folder = mkdtempSync(join(tmpdir(), 'keelson-cli-'));
  served.gateway.replies = {
    'witness.add': () => success({ operation: adding }),
    'witness.remove': () => success({ operation: removing }),
    operation: () => success({ ...adding, state: 'succeeded' }),
  };
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await served.close();
});

const asked = (): unknown => served.gateway.asked.find(({ kind }) => kind === 'witness.add')?.request;

test('add takes the secret from a file, tells how far it is, and says what holds from now on', async () => {
  const file = join(folder, 'secret');
  writeFileSync(file, 'very-secret\n');
  const options = [
    '--secret-file',
    file,
    '--ping',
    '10.0.0.1',
    '--program',
    'ups',
    '--heuristics-timeout',
    '8s',
  ];
  const { code, stdout, stderr } = await keelson(served, [
    'witness',
    'add',
    '--address',
    '10.0.0.9',
    ...options,
  ]);
  expect([code, stdout]).toEqual([
    0,
    'The witness 10.0.0.9 votes: of two halves of a split it lets one go on, and the other loses quorum at once.\n',
  ]);
  expect(stderr).toContain('step 1 of 3: looking');
  expect(asked()).toEqual({
    witness: { address: '10.0.0.9', heuristics: { timeout: 8000, ping: ['10.0.0.1'], programs: ['ups'] } },
    secret: 'very-secret',
  });
});

test.each([
  ['standard input', ['--secret-file', '-'], { input: 'very-secret\n' }],
  ['the environment', [], { environment: { KEELSON_WITNESS_SECRET: 'very-secret' } }],
])('add takes the secret from %s', async (_from, options, surroundings) => {
  const words = ['witness', 'add', '--address', '10.0.0.9', '--no-wait', ...options];
  const { code, stdout } = await keelson(served, words, surroundings);
  expect([code, stdout]).toEqual([0, 'Begun. See `keelson operation show op-1`.\n']);
  expect(asked()).toMatchObject({ secret: 'very-secret' });
});

test('the same again is no failure, and another one is', async () => {
  served.gateway.replies['witness.add'] = () => success({ operation: undefined });
  const same = await keelson(served, ['witness', 'add', '--address', '10.0.0.9']);
  expect(same).toMatchObject({
    code: 0,
    stdout: '10.0.0.9 is the witness already, with these parameters.\n',
  });
  served.gateway.replies['witness.add'] = () => failed(failure('witness_exists', 'the witness is 10.0.0.9'));
  const other = await keelson(served, ['witness', 'add', '--address', '10.0.0.8']);
  expect(other.code).toBe(1);
  expect(other.stderr).toContain('witness_exists');
  expect(other.stderr).toContain('keelson witness remove');
});

test('remove says out loud which rules hold without a witness, also where there was none', async () => {
  for (const reply of [removing, undefined]) {
    served.gateway.replies['witness.remove'] = () => success({ operation: reply });
    const { code, stdout } = await keelson(served, ['witness', 'remove']);
    expect(code).toBe(0);
    expect(stdout).toContain('There is no witness.');
    expect(stdout).toContain('of two nodes the one that fences the other goes on');
    expect(stdout).toContain('a node that boots alone waits for the other one');
  }
});

test('with --json the answer is the API’s', async () => {
  const { stdout } = await keelson(served, ['witness', 'add', '--address', '10.0.0.9', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ operation: { id: 'op-1', state: 'succeeded' } });
});
