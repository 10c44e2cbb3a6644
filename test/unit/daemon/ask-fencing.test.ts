import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askUntilConfirmed, type FencingQuestion } from '../../../src/daemon/ask-fencing.ts';
import { failed, failure, milliseconds, success, type Result } from '../../../src/model/index.ts';
import { createEngineSocket, type Caller, type EngineSocket } from '../../../src/platform/socket/server.ts';
import { recordingLog } from '../platform/fixtures/log.ts';

let folder: string;
let engine: EngineSocket | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keelson-'));
});
afterEach(async () => {
  await engine?.close();
  rmSync(folder, { recursive: true });
});

const path = (): string => join(folder, 'engine.sock');

async function startEngine(
  handle: (caller: Caller, request: object) => Promise<Result<unknown>>,
): Promise<void> {
  const created = await createEngineSocket({
    path: path(),
    mode: 0o600,
    allow: () => true,
    handle: (_kind, request, caller) => handle(caller, request),
    subscribe: () => () => undefined,
    log: recordingLog(),
  });
  if (!created.ok) throw new Error(created.failure.message);
  engine = created.value;
}

const secondary = (): Promise<'Secondary'> => Promise.resolve('Secondary');

function ask(role: FencingQuestion['role'] = secondary): { answer: Promise<number>; told: string[] } {
  const told: string[] = [];
  const question = { socket: path(), role, tell: (line: string) => told.push(line) };
  const times = { patience: milliseconds(200), pause: milliseconds(1) };
  return { told, answer: askUntilConfirmed('pool1', { ...question, ...times }) };
}

test('asks on through whatever may pass, and tells each reason once', async () => {
  const codes = ['not_synchronised', 'not_synchronised', 'cluster_missing', 'store_damaged'] as const;
  const left = [...codes];
  await startEngine(() => {
    const code = left.shift();
    return Promise.resolve(code === undefined ? success({ exitCode: 7 }) : failed(failure(code, 'x')));
  });
  const { answer, told } = ask();
  expect(await answer).toBe(7);
  expect(told.map((line) => line.split(': ')[1])).toEqual([...new Set(codes)]);
});

test('asks on when an answer takes too long, and its earlier question is known to be gone', async () => {
  const callers: Caller[] = [];
  await startEngine((caller) => {
    callers.push(caller);
    return callers.length < 3 ? new Promise(() => undefined) : Promise.resolve(success({ exitCode: 4 }));
  });
  expect(await ask().answer).toBe(4);
  expect(callers.slice(0, 2).map(({ gone }) => gone.aborted)).toEqual([true, true]);
});

test('waits for an engine that is not there yet', async () => {
  const { answer } = ask();
  await startEngine(() => Promise.resolve(success({ exitCode: 7 })));
  expect(await answer).toBe(7);
});

test.each(['pool_connected', 'pool_not_found', 'not_allowed'] as const)(
  'ends where asking again is no use: %s',
  async (code) => {
    await startEngine(() => Promise.resolve(failed(failure(code, 'no'))));
    expect(await ask().answer).toBe(1);
  },
);

test('tells with every question what this node is at that moment, or nothing where it cannot be seen', async () => {
  const roles = ['Secondary', undefined, 'Primary'] as const;
  const asked: object[] = [];
  await startEngine((_caller, request) => {
    asked.push(request);
    const failing = failed(failure('not_synchronised', 'x'));
    return Promise.resolve(asked.length < roles.length ? failing : success({ exitCode: 6 }));
  });
  expect(await ask(() => Promise.resolve(roles[asked.length])).answer).toBe(6);
  expect(asked).toEqual([
    { pool: 'pool1', role: 'Secondary' },
    { pool: 'pool1' },
    { pool: 'pool1', role: 'Primary' },
  ]);
});
