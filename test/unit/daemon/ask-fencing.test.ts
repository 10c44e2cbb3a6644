import { expect, test } from 'vitest';
import { askUntilConfirmed, type FencingQuestion } from '../../../src/daemon/ask-fencing.ts';
import { failed, failure, milliseconds, success } from '../../../src/model/index.ts';

type Ask = FencingQuestion['ask'];

const secondary = (): Promise<'Secondary'> => Promise.resolve('Secondary');

function question(engine: Ask, more: Partial<FencingQuestion> = {}) {
  const told: string[] = [];
  const times = { patience: milliseconds(50), pause: milliseconds(1) };
  const tell = (line: string): void => void told.push(line);
  const answer = askUntilConfirmed('pool1', {
    ...{ ask: engine, tell, role: secondary, isAwaited: () => true, ...times },
    ...more,
  });
  return { answer, told };
}

test('asks on through whatever may pass, and tells each reason once', async () => {
  const codes = ['not_synchronised', 'not_synchronised', 'cluster_missing', 'store_damaged'] as const;
  const left = [...codes];
  const { answer, told } = question(() => {
    const code = left.shift();
    return Promise.resolve(code === undefined ? success({ exitCode: 7 }) : failed(failure(code, 'x')));
  });
  expect(await answer).toBe(7);
  expect(told.map((line) => line.split(': ')[1])).toEqual([...new Set(codes)]);
});

test('asks on when an answer takes too long, and its earlier question is known to be gone', async () => {
  const signals: AbortSignal[] = [];
  const { answer } = question((_request, gone) => {
    signals.push(gone);
    return signals.length < 3 ? new Promise(() => undefined) : Promise.resolve(success({ exitCode: 4 }));
  });
  expect(await answer).toBe(4);
  expect(signals.slice(0, 2).map(({ aborted }) => aborted)).toEqual([true, true]);
});

test('asks on after an engine that failed in a way that cannot be', async () => {
  let asked = 0;
  const { answer, told } = question(() => {
    asked += 1;
    return asked === 1 ? Promise.reject(new Error('a bug')) : Promise.resolve(success({ exitCode: 7 }));
  });
  expect(await answer).toBe(7);
  expect(told.join()).toContain('a bug');
});

test('ends when nobody waits any more', async () => {
  let asked = 0;
  const { answer } = question(
    () => {
      asked += 1;
      return Promise.resolve(failed(failure('not_synchronised', 'x')));
    },
    { isAwaited: () => asked < 3 },
  );
  expect(await answer).toBeUndefined();
  expect(asked).toBe(3);
});

test.each(['pool_connected', 'pool_not_found', 'not_allowed', 'body_invalid'] as const)(
  'ends where asking again is no use: %s',
  async (code) => {
    expect(await question(() => Promise.resolve(failed(failure(code, 'no')))).answer).toBe(1);
  },
);

test('tells with every question what this node is at that moment, or nothing where it cannot be seen', async () => {
  const roles = ['Secondary', undefined, 'Primary'] as const;
  const asked: object[] = [];
  const { answer } = question(
    (request) => {
      asked.push(request);
      const failing = failed(failure('not_synchronised', 'x'));
      return Promise.resolve(asked.length < roles.length ? failing : success({ exitCode: 6 }));
    },
    { role: () => Promise.resolve(roles[asked.length]) },
  );
  expect(await answer).toBe(6);
  expect(asked).toEqual([
    { pool: 'pool1', role: 'Secondary' },
    { pool: 'pool1', role: undefined },
    { pool: 'pool1', role: 'Primary' },
  ]);
});
