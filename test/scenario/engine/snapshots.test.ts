import { describe, expect, test } from 'vitest';
import type { EngineRequest } from '../../../src/engine/index.ts';
import { bytes, EXTENT, failed, failure } from '../../../src/model/index.ts';
import {
  done,
  held,
  heldBy,
  imageOf,
  operation,
  settled,
  snapshotsOf,
  withDatabase,
  write,
} from './database.ts';
import { MINUTE, SECOND } from './san.ts';

describe('a snapshot', () => {
  test('holds what the LUN held, while the LUN is served and written to', () => {
    const { san, wishes } = withDatabase();
    const work = san.watchWork(san.alpha);
    done(san, wishes, 'snapshot.create', { name: 'db@monday' });
    write(san, 'tuesday');
    expect([held(san.alpha), heldBy(san.alpha, 'db@monday')]).toEqual(['tuesday', 'monday']);
    const begun = work.began.filter(({ operation: what }) => what !== 'monitor');
    expect(begun.map(({ agent, operation: what }) => `${what} ${agent}`)).toEqual(['create lvm-snapshot']);
    expect(wishes.ask('snapshots', { lun: 'db' })).toMatchObject({
      ok: true,
      value: { items: [{ name: 'db@monday', lun: 'db', size: 20 * EXTENT, state: 'ready' }] },
    });
    expect(wishes.ask('lun', { name: 'db' }, san.beta)).toMatchObject({ value: { snapshots: 1 } });
    expect(san.status(san.beta)).toMatchObject({ problems: [], blocked: [] });
    expect(Object.keys(san.alpha.engine?.state.status.nodes['alpha']?.instances ?? {})).not.toContain(
      'snapshot-db@monday',
    );
  });

  test('is active nowhere, and a failover starts nothing of it', () => {
    const { san, wishes } = withDatabase();
    for (const name of ['a', 'b', 'c']) done(san, wishes, 'snapshot.create', { name: `db@${name}` });
    const work = san.watchWork(san.beta);
    san.alpha.cut();
    san.eventually('the other node serves', () => san.beta.kernel.serves('db'), 3 * MINUTE);
    expect([...san.beta.kernel.volumes].sort()).toEqual(['data', 'db']);
    expect(work.began.filter(({ agent }) => agent === 'lvm-snapshot')).toEqual([]);
    expect(heldBy(san.beta, 'db@b')).toBe('monday');
    done(san, wishes, 'snapshot.delete', { name: 'db@a' }, san.beta);
    san.alpha.press();
    san.eventually(
      'the node that comes back knows what was done without it',
      () => Object.keys(snapshotsOf(san.alpha)).join() === 'db@b,db@c',
      5 * MINUTE,
    );
  });

  test('is the same for the same request, whichever node is asked', () => {
    const { san, wishes } = withDatabase();
    const answers: unknown[] = [];
    for (const machine of [san.alpha, san.beta, san.alpha])
      machine.request('snapshot.create', { name: 'db@x' }, (result) => answers.push(result));
    san.eventually('all are answered', () => answers.length === 3 && settled(san.alpha));
    expect(answers).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
    expect(operation(san.alpha, 'snapshot.create')).toHaveLength(1);
    const { revision } = san.alpha.store.config;
    expect(wishes.ask('snapshot.create', { name: 'db@x' })).toMatchObject({ ok: true });
    expect(san.alpha.store.config.revision).toBe(revision);
  });

  test.each([
    ['of a LUN that is not there', 'nobody@x', 'lun_not_found'],
    ['of a LUN with a name that every object has', 'constructor@x', 'lun_not_found'],
    ['of a thick LUN', 'data@x', 'lun_not_thin'],
  ])('%s is refused, and nothing is changed', (_, name, code) => {
    const { san, wishes } = withDatabase();
    const { revision } = san.alpha.store.config;
    expect(wishes.ask('snapshot.create', { name })).toMatchObject({ ok: false, failure: { code } });
    expect(san.alpha.store.config.revision).toBe(revision);
  });

  test('is refused where what the thin LUNs share is nearly full, and a clone is too', () => {
    const { san, wishes } = withDatabase();
    wishes.ask('lun.create', { name: 'thick', size: bytes((256 - 1 - 40 - 16) * EXTENT) });
    imageOf(san.alpha).thinPercent = 92;
    san.eventually(
      'it is known',
      () => (san.status(san.alpha).pools[0]?.thin?.usedPercent ?? 0) >= 92,
      MINUTE,
    );
    const refused = { ok: false, failure: { code: 'thin_pool_nearly_full' } };
    expect(wishes.ask('snapshot.create', { name: 'db@x' })).toMatchObject(refused);
    expect(wishes.ask('lun.clone', { name: 'copy', from: 'db' })).toMatchObject(refused);
    imageOf(san.alpha).thinPercent = 50;
    san.eventually(
      'there is room',
      () => (san.status(san.alpha).pools[0]?.thin?.usedPercent ?? 99) < 90,
      MINUTE,
    );
    done(san, wishes, 'snapshot.create', { name: 'db@x' });
  });

  test('that cannot be made says why, and leaves nothing', () => {
    const { san, wishes } = withDatabase();
    const { agents } = san.alpha;
    const perform = agents.perform.bind(agents);
    agents.perform = (work, answered) =>
      work.agent === 'lvm-snapshot' && work.operation === 'create'
        ? answered(failed(failure('command_failed', 'no')))
        : perform(work, answered);
    wishes.ask('snapshot.create', { name: 'db@x' });
    san.eventually(
      'it is given up',
      () => operation(san.beta, 'snapshot.create')[0]?.state === 'failed',
      MINUTE,
    );
    expect(operation(san.beta, 'snapshot.create')[0]?.failure).toMatchObject({ message: 'db@x: no' });
    san.eventually('nothing is left', () => san.beta.store.config.snapshots === undefined, MINUTE);
    san.eventually('nothing is held against anything', () => san.status(san.beta).problems.length === 0);
    agents.perform = perform;
    done(san, wishes, 'snapshot.create', { name: 'db@x' });
  });

  test.each([0, 5, 20, 50, 100, 200, 400])(
    'is made all the same where both engines die %i ms after it was asked for',
    (delay) => {
      const { san } = withDatabase(2);
      let isAccepted = false;
      san.alpha.request('snapshot.create', { name: 'db@x' }, () => (isAccepted = true));
      san.eventually('it is accepted', () => isAccepted, 10 * SECOND);
      san.for(delay);
      san.alpha.killEngine();
      san.beta.killEngine();
      san.eventually('it is made', () => snapshotsOf(san.alpha)['db@x']?.state === 'ready', 2 * MINUTE);
      expect(heldBy(san.alpha, 'db@x')).toBe('monday');
    },
  );

  test.each([0, 10, 20, 40, 60, 80, 100, 150])(
    'is made on the other node where the one that makes it is lost %i ms later',
    (delay) => {
      const { san } = withDatabase(3);
      let isAccepted = false;
      san.beta.request('snapshot.create', { name: 'db@x' }, () => (isAccepted = true));
      san.eventually('it is accepted', () => isAccepted, 10 * SECOND);
      san.for(delay);
      san.alpha.cut();
      san.eventually('the other one serves', () => san.beta.kernel.serves('db'), 3 * MINUTE);
      san.eventually('it is made', () => snapshotsOf(san.beta)['db@x']?.state === 'ready', MINUTE);
      expect(heldBy(san.beta, 'db@x')).toBe('monday');
    },
  );

  test('goes without anything else going, and twice as well', () => {
    const { san, wishes } = withDatabase();
    done(san, wishes, 'snapshot.create', { name: 'db@a' });
    done(san, wishes, 'snapshot.create', { name: 'db@b' });
    done(san, wishes, 'snapshot.delete', { name: 'db@a' });
    expect(Object.keys(snapshotsOf(san.beta))).toEqual(['db@b']);
    expect(wishes.ask('snapshot.delete', { name: 'db@a' })).toEqual({
      ok: true,
      value: { operation: undefined },
    });
    expect(heldBy(san.alpha, 'db@b')).toBe('monday');
    expect([...imageOf(san.alpha).volumes.keys()]).toHaveLength(3);
    san.eventually('it is served', () => san.alpha.kernel.serves('db'));
  });

  test('keeps its LUN from being deleted, until both are to go', () => {
    const { san, wishes } = withDatabase();
    done(san, wishes, 'snapshot.create', { name: 'db@a' });
    done(san, wishes, 'snapshot.create', { name: 'db@b' });
    const refused = wishes.ask('lun.delete', { name: 'db' });
    expect(refused).toMatchObject({ ok: false, failure: { code: 'lun_has_snapshots' } });
    expect(refused.ok ? '' : refused.failure.message).toContain('db@a, db@b');
    wishes.ask('lun.delete', { name: 'db', snapshots: true });
    san.eventually('all of it is gone', () => san.beta.store.config.luns['db'] === undefined, MINUTE);
    expect(san.beta.store.config).not.toHaveProperty('snapshots');
    expect([...imageOf(san.alpha).volumes.keys()]).toEqual(['data']);
  });

  test('is as large as the LUN was, which grows when it is made', () => {
    const { san, wishes } = withDatabase();
    let answers = 0;
    san.alpha.request('snapshot.create', { name: 'db@a' }, () => (answers += 1));
    san.alpha.request('lun.grow', { name: 'db', size: bytes(30 * EXTENT) }, () => (answers += 1));
    san.eventually('both are done', () => answers === 2 && settled(san.alpha), MINUTE);
    const { volumes } = imageOf(san.alpha);
    expect(volumes.get(snapshotsOf(san.alpha)['db@a']?.volume ?? '')).toBe(20 * EXTENT);
    expect(volumes.get('db')).toBe(30 * EXTENT);
    expect(wishes.ask('snapshot', { name: 'db@a' })).toMatchObject({ value: { size: 20 * EXTENT } });
  });
});

describe('a clone', () => {
  test('of a snapshot is a LUN of its own, and stays when the other one goes', () => {
    const { san, wishes } = withDatabase();
    done(san, wishes, 'snapshot.create', { name: 'db@a' });
    write(san, 'tuesday');
    done(san, wishes, 'lun.clone', { name: 'test', from: 'db@a', hosts: ['client'] });
    san.eventually('it is served', () => san.alpha.kernel.serves('test'));
    const { luns } = san.beta.store.config;
    expect(luns['test']).toMatchObject({
      thin: true,
      size: 20 * EXTENT,
      clonedFrom: 'db@a',
      hosts: ['client'],
    });
    expect(luns['test']).not.toHaveProperty('source');
    expect(luns['test']?.serial).not.toBe(luns['db']?.serial);
    expect(luns['test']?.number).not.toBe(luns['db']?.number);
    expect(held(san.alpha, 'test')).toBe('monday');
    wishes.ask('lun.delete', { name: 'db', snapshots: true });
    san.eventually('the other one is gone', () => san.alpha.store.config.luns['db'] === undefined, MINUTE);
    san.alpha.cut();
    san.eventually('it is served elsewhere', () => san.beta.kernel.serves('test'), 3 * MINUTE);
    expect(held(san.beta, 'test')).toBe('monday');
  });

  test('of a LUN as it is now is seen by nobody, unless somebody is named', () => {
    const { san, wishes } = withDatabase();
    done(san, wishes, 'lun.clone', { name: 'test', from: 'db' });
    write(san, 'tuesday');
    expect(held(san.alpha, 'test')).toBe('monday');
    expect(san.alpha.store.config.luns['test']?.hosts).toEqual([]);
  });

  test('is the same for the same request, and not of another one, nor a new LUN', () => {
    const { san, wishes } = withDatabase();
    done(san, wishes, 'snapshot.create', { name: 'db@a' });
    done(san, wishes, 'lun.clone', { name: 'test', from: 'db@a' });
    done(san, wishes, 'lun.grow', { name: 'test', size: bytes(30 * EXTENT) });
    const { revision } = san.alpha.store.config;
    expect(wishes.ask('lun.clone', { name: 'test', from: 'db@a' })).toMatchObject({ ok: true });
    const taken = { ok: false, failure: { code: 'name_taken' } };
    expect(wishes.ask('lun.clone', { name: 'test', from: 'db' })).toMatchObject(taken);
    expect(wishes.ask('lun.create', { name: 'test', size: bytes(30 * EXTENT), thin: true })).toMatchObject(
      taken,
    );
    expect(wishes.ask('lun.clone', { name: 'db', from: 'db@a' })).toMatchObject(taken);
    expect(san.alpha.store.config.revision).toBe(revision);
  });

  test.each([
    ['of what is not there', { from: 'nobody' }, 'lun_not_found'],
    ['of a snapshot that is not there', { from: 'db@nobody' }, 'snapshot_not_found'],
    ['of a thick LUN', { from: 'data' }, 'lun_not_thin'],
    ['for a host that is not there', { from: 'db', hosts: ['nobody'] }, 'host_not_found'],
    ['on a target that is not there', { from: 'db', target: 'nobody' }, 'target_not_found'],
  ])('%s is refused, and nothing is changed', (_, body, code) => {
    const { san, wishes } = withDatabase();
    const { revision } = san.alpha.store.config;
    expect(wishes.ask('lun.clone', { name: 'test', ...body })).toMatchObject({
      ok: false,
      failure: { code },
    });
    expect(san.alpha.store.config.revision).toBe(revision);
  });

  test('keeps what it is made of until it is made', () => {
    const { san, wishes } = withDatabase();
    done(san, wishes, 'snapshot.create', { name: 'db@a' });
    const answers: string[] = [];
    const ask = (kind: EngineRequest['kind'], body: object): void =>
      san.alpha.request(kind, body, (result) => answers.push(result.ok ? 'done' : result.failure.code));
    ask('lun.clone', { name: 'test', from: 'db@a' });
    ask('snapshot.delete', { name: 'db@a' });
    ask('lun.delete', { name: 'db', snapshots: true });
    san.eventually('all are answered', () => answers.length === 3);
    expect(answers.sort()).toEqual(['done', 'lun_busy', 'snapshot_busy']);
    san.eventually('it is served', () => san.alpha.kernel.serves('test'));
    expect(held(san.alpha, 'test')).toBe('monday');
  });

  test.each([0, 20, 60, 100, 150])('is made where the node that makes it is lost %i ms later', (delay) => {
    const { san } = withDatabase(3);
    let isAccepted = false;
    san.beta.request('lun.clone', { name: 'test', from: 'db' }, () => (isAccepted = true));
    san.eventually('it is accepted', () => isAccepted, 10 * SECOND);
    san.for(delay);
    san.alpha.cut();
    san.eventually('the other one serves both', () => san.beta.kernel.serves('test'), 3 * MINUTE);
    expect(held(san.beta, 'test')).toBe('monday');
  });
});
