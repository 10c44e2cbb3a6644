import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { answerFenceQuestions, type FenceQuestions } from '../../../src/daemon/fence-questions.ts';
import type { FencingQuestion } from '../../../src/daemon/ask-fencing.ts';
import { failed, failure, milliseconds, success } from '../../../src/model/index.ts';
import { recordingLog } from '../platform/fixtures/log.ts';

/** The real handler, run as the kernel runs it; the engine is what a test makes it. */
let folder: string;
let daemons: FenceQuestions[];
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'keelson-')), 'fence-peer');
  daemons = [];
});
afterEach(() => {
  for (const daemon of daemons) daemon.close();
  rmSync(join(folder, '..'), { recursive: true });
});

async function keelsond(ask: FencingQuestion['ask']): Promise<FenceQuestions> {
  const role = (pool: string) => Promise.resolve(pool === 'pool-1' ? ('Primary' as const) : undefined);
  const daemon = await answerFenceQuestions({
    folder,
    ask,
    role,
    log: recordingLog(),
    pause: milliseconds(1),
  });
  daemons.push(daemon);
  return daemon;
}

const handler = (pool: string) =>
  execa('sh', ['agents/drbd/fence-peer.sh'], {
    env: { DRBD_RESOURCE: pool, KEELSON_FENCE_QUESTIONS: folder },
    reject: false,
    stderr: 'ignore',
  });

const questions = (): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);

test.each([4, 6, 7] as const)(
  'the kernel gets the code %i that the engine says, and nothing is left behind',
  async (code) => {
    const asked: object[] = [];
    await keelsond((request) => {
      asked.push(request);
      return Promise.resolve(success({ exitCode: code }));
    });
    expect((await handler('pool-1')).exitCode).toBe(code);
    expect(asked).toEqual([{ pool: 'pool-1', role: 'Primary' }]);
    await vi.waitUntil(() => questions().length === 0);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  },
);

test('handlers of several pools wait side by side, each for its own answer', async () => {
  const answers = new Map<string, (code: 4 | 7) => void>();
  await keelsond(
    ({ pool }) => new Promise((resolve) => answers.set(pool, (exitCode) => resolve(success({ exitCode })))),
  );
  const [first, second] = [handler('pool.1'), handler('pool-2')];
  await vi.waitUntil(() => answers.size === 2);
  answers.get('pool-2')?.(4);
  expect((await second).exitCode).toBe(4);
  answers.get('pool.1')?.(7);
  expect((await first).exitCode).toBe(7);
});

test('a handler that was there before the engine, and one whose engine ended, are answered by the next', async () => {
  const waiting = handler('pool-1');
  const first = await keelsond(() => new Promise(() => undefined));
  await vi.waitUntil(() => questions().length === 1);
  first.close();
  await keelsond(() => Promise.resolve(success({ exitCode: 7 })));
  expect((await waiting).exitCode).toBe(7);
});

test('an engine that ends in the middle of its answer has said nothing', async () => {
  const first = await keelsond(() => new Promise(() => undefined));
  const waiting = handler('pool-1');
  await vi.waitUntil(() => questions().length === 1);
  first.close();
  const [name = ''] = questions();
  // Opened and closed again: what the end of the process does.
  await execa('sh', ['-c', ': >"$1"', 'sh', join(folder, name)]);
  await keelsond(() => Promise.resolve(success({ exitCode: 7 })));
  expect((await waiting).exitCode).toBe(7);
});

test('the question of a handler that was killed goes, and is asked no more', async () => {
  let asked = 0;
  await keelsond(() => {
    asked += 1;
    return Promise.resolve(failed(failure('not_synchronised', 'x')));
  });
  const waiting = handler('pool-1');
  await vi.waitUntil(() => asked > 1);
  waiting.kill('SIGKILL');
  await waiting;
  await vi.waitUntil(() => questions().length === 0);
  const last = asked;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(asked).toBe(last);
});

test('where asking again is no use the handler ends, and I/O stays frozen', async () => {
  await keelsond(() => Promise.resolve(failed(failure('pool_not_found', 'x'))));
  expect((await handler('unknown')).exitCode).toBe(1);
});

test('a handler without a pool is no question', async () => {
  await keelsond(() => Promise.resolve(success({ exitCode: 7 })));
  expect((await handler('')).exitCode).toBe(1);
});
