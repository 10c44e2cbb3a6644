import { describe, expect, test } from 'vitest';
import type { ReplyOf, Result } from '../../../src/model/index.ts';
import { done, imageOf, operation, settled, snapshotsOf, withDatabase } from './database.ts';
import { MINUTE } from './san.ts';

const key = 'b1946ac9-2492-4d23-9bc8-5f3d1d2a0001';

function granted<Value>(answer: Result<Value>): Value {
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value;
}

describe('what clients may rely on', () => {
  test('a key: the same snapshot and operation, from either node, and nothing when it has gone', () => {
    const { san, wishes } = withDatabase();
    const first = granted(wishes.ask('snapshot.create', { name: 'db@a' }, san.alpha, { key }));
    const again = granted(wishes.ask('snapshot.create', { name: 'db@a' }, san.beta, { key }));
    expect(again.operation?.id).toBe(first.operation?.id);
    expect(wishes.ask('snapshot.create', { name: 'db@b' }, san.beta, { key })).toMatchObject({
      failure: { code: 'key_reused' },
    });
    san.eventually('it is made', () => settled(san.alpha));
    done(san, wishes, 'snapshot.delete', { name: 'db@a' });
    expect(wishes.ask('snapshot.create', { name: 'db@a' }, san.alpha, { key })).toMatchObject({
      failure: { code: 'key_spent' },
    });
    expect(snapshotsOf(san.alpha)).toEqual({});
  });

  test('a key: a LUN is rolled back once, however often it is asked for', () => {
    const { san, wishes } = withDatabase();
    done(san, wishes, 'snapshot.create', { name: 'db@a' });
    const body = { name: 'db', snapshot: 'db@a', force: true };
    const first = granted(wishes.ask('lun.rollback', body, san.alpha, { key }));
    san.eventually('it is done', () => settled(san.alpha), MINUTE);
    const again = granted(wishes.ask('lun.rollback', body, san.beta, { key }));
    expect(again.operation).toMatchObject({ id: first.operation?.id, state: 'succeeded' });
    expect(operation(san.beta, 'lun.rollback')).toHaveLength(1);
    expect(Object.keys(snapshotsOf(san.beta))).toEqual(['db@a', 'db@before-rollback-1']);
  });

  test('an ETag: of a snapshot it stays, of a LUN it changes with a rollback, and nothing is done for an old one', () => {
    const { san, wishes } = withDatabase();
    const made = granted(wishes.ask('snapshot.create', { name: 'db@a' }));
    san.eventually('it is made', () => settled(san.alpha));
    const { etag = '' } = granted(wishes.ask('snapshot', { name: 'db@a' }, san.beta));
    expect(made.snapshot.etag).toBe(etag);
    const before = granted(wishes.ask('lun', { name: 'db' })).etag ?? '';
    done(san, wishes, 'lun.rollback', { name: 'db', snapshot: 'db@a', force: true });
    expect(granted(wishes.ask('lun', { name: 'db' })).etag).not.toBe(before);
    const stale = { failure: { code: 'precondition_failed' } };
    const body = { name: 'db', snapshot: 'db@a', force: true };
    expect(wishes.ask('lun.rollback', body, san.alpha, { ifMatch: [before] })).toMatchObject(stale);
    expect(wishes.ask('snapshot.delete', { name: 'db@a' }, san.alpha, { ifMatch: ['old'] })).toMatchObject(
      stale,
    );
    expect(wishes.ask('snapshot.delete', { name: 'db@a' }, san.alpha, { ifMatch: [etag] })).toMatchObject({
      ok: true,
    });
  });

  test('an ETag: of a clone it stays when the clone is made', () => {
    const { san, wishes } = withDatabase();
    const made = granted(wishes.ask('lun.clone', { name: 'test', from: 'db' }));
    san.eventually('it is made', () => settled(san.alpha));
    expect(granted(wishes.ask('lun', { name: 'test' })).etag).toBe(made.lun.etag);
  });

  test('lists have filters and pages, in the order of names', () => {
    const { san, wishes } = withDatabase();
    for (const name of ['db@c', 'db@a', 'db@b', 'db@nightly-2'])
      done(san, wishes, 'snapshot.create', { name });
    done(san, wishes, 'lun.clone', { name: 'test', from: 'db@a' });
    done(san, wishes, 'snapshot.create', { name: 'test@a' });
    const names = (asked: object): readonly string[] =>
      granted<ReplyOf<'snapshots'>>(wishes.ask('snapshots', asked, san.beta)).items.map(({ name }) => name);
    expect(names({})).toEqual(['db@a', 'db@b', 'db@c', 'db@nightly-2', 'test@a']);
    expect(names({ lun: 'test' })).toEqual(['test@a']);
    expect(names({ name: 'db@n*' })).toEqual(['db@nightly-2']);
    expect(names({ pool: 'other' })).toEqual([]);
    expect(names({ state: 'creating' })).toEqual([]);
    expect(granted(wishes.ask('snapshots', { limit: 2 }))).toMatchObject({ next: 'db@b' });
    expect(names({ after: 'db@b', limit: 2 })).toEqual(['db@c', 'db@nightly-2']);
  });

  test('an interrupted client asks for all at once, and has what the answers say', () => {
    const { san } = withDatabase();
    const answers: boolean[] = [];
    const names = Array.from({ length: 12 }, (_, index) => `db@${index}`);
    for (const name of names)
      for (const machine of san.world.machines)
        machine.request('snapshot.create', { name }, (result) => answers.push(result.ok));
    san.eventually('all are answered', () => answers.length === 24);
    expect(answers.every((isOk) => isOk)).toBe(true);
    san.eventually('all are made', () => settled(san.alpha), MINUTE);
    expect(Object.keys(snapshotsOf(san.beta)).sort()).toEqual([...names].sort());
    expect(imageOf(san.alpha).putAway.size).toBe(12);
    expect([...san.alpha.kernel.volumes].sort()).toEqual(['data', 'db']);
  });
});
