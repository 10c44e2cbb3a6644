import { describe, expect, test } from 'vitest';
import type { EngineRequest } from '../../../src/engine/index.ts';
import { bytes, EXTENT, failed, failure } from '../../../src/model/index.ts';
import type { Machine } from '../../simulation/machine.ts';
import {
  done,
  held,
  heldBy,
  imageOf,
  operation,
  settled,
  snapshotsOf,
  volumeOf,
  withDatabase,
  write,
} from './database.ts';
import { MINUTE, SECOND } from './san.ts';

describe('a rollback', () => {
  const rollback = { name: 'db', snapshot: 'db@monday', force: true };

  function withMonday(seed?: number) {
    const world = withDatabase(seed);
    done(world.san, world.wishes, 'snapshot.create', { name: 'db@monday' });
    write(world.san, 'tuesday');
    return world;
  }

  const identity = ({ kernel }: Machine) => {
    const { number, serial } = kernel.luns.get('db') ?? {};
    return { number, serial };
  };

  test('gives the LUN the data of then, keeps its identity, the snapshot, and what it held', () => {
    const { san, wishes } = withMonday();
    const before = identity(san.alpha);
    done(san, wishes, 'lun.rollback', rollback);
    san.eventually('it is served', () => san.alpha.kernel.serves('db'));
    expect([held(san.alpha), heldBy(san.alpha, 'db@monday')]).toEqual(['monday', 'monday']);
    expect(identity(san.alpha)).toEqual(before);
    expect(heldBy(san.alpha, 'db@before-rollback-1')).toBe('tuesday');
    expect(snapshotsOf(san.beta)['db@before-rollback-1']).toMatchObject({
      keptBy: 'rollback',
      state: 'ready',
    });
    expect(imageOf(san.alpha).putAway.has('db')).toBe(true);
    const made = { name: 'db', size: bytes(20 * EXTENT), thin: true };
    const repeated = wishes.ask('lun.create', made);
    expect(repeated.ok && repeated.value.operation).toBeUndefined();
    // There and back again, as often as it is wanted.
    write(san, 'wednesday');
    done(san, wishes, 'lun.rollback', { ...rollback, snapshot: 'db@before-rollback-1' });
    expect(held(san.alpha)).toBe('tuesday');
    expect(heldBy(san.alpha, 'db@before-rollback-2')).toBe('wednesday');
    expect(identity(san.alpha)).toEqual(before);
    san.alpha.cut();
    san.eventually('it is served elsewhere', () => san.beta.kernel.serves('db'), 3 * MINUTE);
    expect(held(san.beta)).toBe('tuesday');
    expect(identity(san.beta)).toEqual(before);
  });

  test('takes the LUN out of service before, and touches no other one', () => {
    const { san, wishes } = withMonday();
    const work = san.watchWork(san.alpha);
    done(san, wishes, 'lun.rollback', rollback);
    const begun = work.began.filter(({ operation: what }) => what !== 'monitor');
    expect(begun.map(({ agent, operation: what }) => `${what} ${agent}`).slice(0, 2)).toEqual([
      'stop lio-lun',
      'create lvm-snapshot',
    ]);
    expect(begun.every(({ parameters }) => (parameters['lun'] ?? 'db') === 'db')).toBe(true);
    san.hostGetsOn(5 * SECOND);
  });

  test('throws away what it held where that is wanted', () => {
    const { san, wishes } = withMonday();
    done(san, wishes, 'lun.rollback', { ...rollback, discard: true });
    san.eventually('it is served', () => san.alpha.kernel.serves('db'));
    expect(held(san.alpha)).toBe('monday');
    expect(Object.keys(snapshotsOf(san.alpha))).toEqual(['db@monday']);
    expect([...imageOf(san.alpha).volumes.keys()]).toHaveLength(3);
    expect(imageOf(san.alpha).volumes.has('db')).toBe(false);
  });

  test('leaves the LUN as large as it is', () => {
    const { san, wishes } = withMonday();
    done(san, wishes, 'lun.grow', { name: 'db', size: bytes(30 * EXTENT) });
    done(san, wishes, 'lun.rollback', rollback);
    expect(san.alpha.store.config.luns['db']?.size).toBe(30 * EXTENT);
    expect(imageOf(san.alpha).volumes.get(volumeOf(san.alpha))).toBe(30 * EXTENT);
    done(san, wishes, 'lun.grow', { name: 'db', size: bytes(40 * EXTENT) });
    expect(imageOf(san.alpha).volumes.get(volumeOf(san.alpha))).toBe(40 * EXTENT);
  });

  test('is refused while a host is logged in that would lose its disk, unless it is forced', () => {
    const { san, wishes } = withMonday();
    const [initiator = ''] = Object.values(san.alpha.store.config.hosts).flatMap((host) => host.initiators);
    san.alpha.kernel.sessions = [{ initiator, address: '10.0.3.9', portal: '10.0.3.100' }];
    const refused = wishes.ask('lun.rollback', { ...rollback, force: false });
    expect(refused).toMatchObject({ ok: false, failure: { code: 'sessions_open' } });
    expect(san.alpha.store.config.luns['db']).not.toHaveProperty('rollback');
    san.alpha.kernel.sessions = [];
    done(san, wishes, 'lun.rollback', { ...rollback, force: false });
    expect(held(san.alpha)).toBe('monday');
  });

  test.each([
    ['to a snapshot that is not there', { snapshot: 'db@nobody' }, 'snapshot_not_found'],
    ['to a snapshot of another LUN', { name: 'data' }, 'snapshot_not_found'],
    ['of a LUN that is not there', { name: 'nobody' }, 'lun_not_found'],
  ])('%s is refused, and nothing is changed', (_, other, code) => {
    const { san, wishes } = withMonday();
    const { revision } = san.alpha.store.config;
    const answer = wishes.ask('lun.rollback', { ...rollback, ...other });
    expect(answer).toMatchObject({ ok: false, failure: { code } });
    expect(san.alpha.store.config.revision).toBe(revision);
  });

  test('lets nothing else be done with the LUN and the snapshot meanwhile', () => {
    const { san } = withMonday();
    const answers: string[] = [];
    const ask = (kind: EngineRequest['kind'], body: object): void =>
      san.alpha.request(kind, body, (result) => answers.push(result.ok ? kind : result.failure.code));
    ask('lun.rollback', rollback);
    ask('lun.rollback', rollback);
    ask('snapshot.delete', { name: 'db@monday' });
    ask('snapshot.create', { name: 'db@x' });
    ask('lun.grow', { name: 'db', size: bytes(30 * EXTENT) });
    ask('lun.clone', { name: 'test', from: 'db' });
    ask('lun.delete', { name: 'db', force: true, snapshots: true });
    san.eventually('all are answered', () => answers.length === 7);
    expect(answers.sort()).toEqual([
      'lun.rollback',
      'lun.rollback',
      'lun_busy',
      'lun_busy',
      'lun_busy',
      'lun_busy',
      'snapshot_busy',
    ]);
    san.eventually('it is done', () => settled(san.alpha) && san.alpha.kernel.serves('db'), MINUTE);
    expect(operation(san.alpha, 'lun.rollback')).toHaveLength(1);
    expect(held(san.alpha)).toBe('monday');
  });

  test('that cannot be done says why, and the LUN is served with what it held', () => {
    const { san, wishes } = withMonday();
    const { agents } = san.alpha;
    const perform = agents.perform.bind(agents);
    agents.perform = (work, answered) =>
      work.parameters['use'] === 'lun'
        ? answered(failed(failure('pool_full', 'no room')))
        : perform(work, answered);
    wishes.ask('lun.rollback', rollback);
    san.eventually(
      'it is given up',
      () => operation(san.beta, 'lun.rollback')[0]?.state === 'failed',
      MINUTE,
    );
    san.eventually('it is served', () => san.alpha.kernel.serves('db') && settled(san.alpha), MINUTE);
    expect(held(san.alpha)).toBe('tuesday');
    expect(Object.keys(snapshotsOf(san.alpha))).toEqual(['db@monday']);
    san.eventually('nothing is held against it', () => san.status(san.beta).problems.length === 0, MINUTE);
  });

  test.each([0, 20, 50, 100, 200, 400, 800])(
    'comes to its end where both engines die %i ms after it was asked for',
    (delay) => {
      const { san } = withMonday(2);
      let isAccepted = false;
      san.alpha.request('lun.rollback', rollback, () => (isAccepted = true));
      san.eventually('it is accepted', () => isAccepted, 10 * SECOND);
      san.for(delay);
      san.alpha.killEngine();
      san.beta.killEngine();
      san.eventually('it is done', () => settled(san.alpha) && san.alpha.kernel.serves('db'), 3 * MINUTE);
      expect([held(san.alpha), heldBy(san.alpha, 'db@before-rollback-1')]).toEqual(['monday', 'tuesday']);
    },
  );

  test.each([0, 20, 40, 60, 80, 100, 150, 250, 400])(
    'comes to its end on the other node where the one that serves is lost %i ms later',
    (delay) => {
      const { san } = withMonday(3);
      let isAccepted = false;
      san.beta.request('lun.rollback', rollback, () => (isAccepted = true));
      san.eventually('it is accepted', () => isAccepted, 10 * SECOND);
      san.for(delay);
      san.alpha.cut();
      san.eventually('the other one serves', () => san.beta.kernel.serves('db'), 4 * MINUTE);
      san.eventually('it is done', () => settled(san.beta), 2 * MINUTE);
      expect([held(san.beta), heldBy(san.beta, 'db@before-rollback-1')]).toEqual(['monday', 'tuesday']);
      expect(snapshotsOf(san.beta)['db@monday']?.state).toBe('ready');
    },
  );

  test('of a LUN that is not to run ends all the same', () => {
    const { san, wishes } = withMonday();
    wishes.resource('lun-db', { targetRole: 'stopped' });
    san.eventually('it is stopped', () => !san.alpha.kernel.luns.has('db'));
    done(san, wishes, 'lun.rollback', rollback);
    expect(san.alpha.kernel.luns.has('db')).toBe(false);
    wishes.resource('lun-db', { targetRole: 'started' });
    san.eventually('it is served', () => san.alpha.kernel.serves('db'));
    expect(held(san.alpha)).toBe('monday');
  });

  test('goes with its LUN when all of it is deleted', () => {
    const { san, wishes } = withMonday();
    done(san, wishes, 'lun.rollback', rollback);
    wishes.ask('lun.delete', { name: 'db', snapshots: true });
    san.eventually('all of it is gone', () => san.beta.store.config.luns['db'] === undefined, MINUTE);
    expect([...imageOf(san.alpha).volumes.keys()]).toEqual(['data']);
    san.world.operator.hearMade('db');
    done(san, wishes, 'lun.create', { name: 'db', size: bytes(4 * EXTENT), thin: true });
    san.eventually('another one of that name is served', () => san.alpha.kernel.serves('db'));
  });
});
