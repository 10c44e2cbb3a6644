import { describe, expect, test } from 'vitest';
import { bytes, EXTENT, failed, failure, type OperationRecord } from '../../../src/model/index.ts';
import type { Machine } from '../../simulation/machine.ts';
import { DATA_LUN } from '../../simulation/world.ts';
import { MINUTE, San, SECOND } from './san.ts';
import { Wishes } from './wishes.ts';

const extents = (count: number) => ({ name: DATA_LUN, size: bytes(count * EXTENT) });

const intentOf = ({ store }: Machine) => store.config.luns[DATA_LUN];
const volumeOf = ({ kernel }: Machine): number => (kernel.replica.image.volumes.get(DATA_LUN) ?? 0) / EXTENT;
const isGrownTo = (machine: Machine, count: number): boolean =>
  intentOf(machine)?.size === count * EXTENT && volumeOf(machine) === count;
const growths = ({ store }: Machine): readonly OperationRecord[] =>
  Object.values(store.config.operations).filter(({ kind }) => kind === 'lun.grow');

describe('a LUN that grows', () => {
  test('is served all the time, and known with its new size by both nodes', () => {
    const san = San.serving();
    const work = san.watchWork(san.alpha);
    const answer = new Wishes(san).ask('lun.grow', extents(60), san.beta);
    expect(answer).toMatchObject({ ok: true, value: { operation: { kind: 'lun.grow', subject: DATA_LUN } } });
    san.eventually('it has grown', () => isGrownTo(san.alpha, 60) && isGrownTo(san.beta, 60), 10 * SECOND);
    san.hostGetsOn(5 * SECOND);
    san.for(MINUTE);
    const done = work.began.filter(({ operation }) => operation !== 'monitor');
    expect(done.map(({ agent, operation }) => `${operation} ${agent}`)).toEqual([
      'grow lio-lun',
      'reload lio-lun',
    ]);
    expect(growths(san.beta)).toMatchObject([{ state: 'succeeded' }]);
    expect(san.status(san.beta)).toMatchObject({ problems: [], blocked: [] });
  });

  test('grows once, however often it is asked for, and not where it has that size', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    const answers: unknown[] = [];
    for (const machine of [san.alpha, san.beta, san.alpha])
      machine.request('lun.grow', extents(60), (result) => answers.push(result));
    san.eventually('all are answered', () => answers.length === 3, 10 * SECOND);
    san.eventually('it has grown', () => isGrownTo(san.alpha, 60), 10 * SECOND);
    expect(answers).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
    expect(growths(san.alpha)).toHaveLength(1);
    const { revision } = san.alpha.store.config;
    expect(wishes.ask('lun.grow', extents(60))).toMatchObject({ ok: true, value: { lun: { name: 'data' } } });
    expect(growths(san.alpha)).toHaveLength(1);
    expect(san.alpha.store.config.revision).toBe(revision);
  });

  test.each([
    ['to less', extents(39), 'lun_would_shrink'],
    ['to more than the pool has', extents(257), 'pool_full'],
    ['that is not there', { ...extents(60), name: 'nobody' }, 'lun_not_found'],
  ])('%s is refused, and nothing is changed', (_, body, code) => {
    const san = San.serving();
    const { revision } = san.alpha.store.config;
    expect(new Wishes(san).ask('lun.grow', body)).toMatchObject({ ok: false, failure: { code } });
    san.for(5 * SECOND);
    expect(san.alpha.store.config.revision).toBe(revision);
    expect(volumeOf(san.alpha)).toBe(40);
  });

  test('takes no space that was promised to another', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    expect(wishes.ask('lun.grow', extents(200))).toMatchObject({ ok: true });
    const other = wishes.ask('lun.create', { name: 'orders', size: bytes(60 * EXTENT) });
    const free = (256 - 1 - 200) * EXTENT;
    expect(other).toMatchObject({ ok: false, failure: { code: 'pool_full' } });
    expect(other.ok ? '' : other.failure.message).toContain(`has ${free} bytes free`);
  });

  test.each([0, 5, 20, 50, 100, 200, 400])(
    'grows all the same where both engines die %i ms after it was asked for',
    (delay) => {
      const san = San.serving(2);
      let isAccepted = false;
      san.alpha.request('lun.grow', extents(60), () => (isAccepted = true));
      san.eventually('it is accepted', () => isAccepted, 10 * SECOND);
      san.for(delay);
      san.alpha.killEngine();
      san.beta.killEngine();
      san.eventually('it has grown', () => isGrownTo(san.alpha, 60), 2 * MINUTE);
      san.eventually('its operation has succeeded', () => growths(san.alpha)[0]?.state === 'succeeded');
      san.hostGetsOn();
    },
  );

  test.each([0, 10, 20, 40, 60, 80, 100, 150])(
    'grows on the other node where the one that extends it is lost %i ms later',
    (delay) => {
      const san = San.serving(3);
      let isAccepted = false;
      san.beta.request('lun.grow', extents(60), () => (isAccepted = true));
      san.eventually('it is accepted', () => isAccepted, 10 * SECOND);
      san.for(delay);
      san.alpha.cut();
      san.eventually('the other one serves', () => san.beta.kernel.serves(DATA_LUN), 3 * MINUTE);
      san.eventually('it has grown', () => isGrownTo(san.beta, 60), MINUTE);
      expect(growths(san.beta)).toMatchObject([{ state: 'succeeded' }]);
      san.hostGetsOn();
    },
  );

  const failGrowth = (san: San, code: 'pool_full' | 'command_failed'): void => {
    const { agents } = san.alpha;
    const perform = agents.perform.bind(agents);
    agents.perform = (work, answered) =>
      work.operation === 'grow' ? answered(failed(failure(code, 'no'))) : perform(work, answered);
  };

  test.each(['pool_full', 'command_failed'] as const)(
    'and cannot (%s) says so, and goes on being served, here and elsewhere',
    (code) => {
      const san = San.serving();
      failGrowth(san, code);
      new Wishes(san).ask('lun.grow', extents(60));
      san.eventually('it is given up', () => growths(san.alpha)[0]?.state === 'failed', MINUTE);
      expect(growths(san.beta)).toMatchObject([{ failure: { code, message: 'data: no' } }]);
      expect(intentOf(san.beta)).toMatchObject({ size: 40 * EXTENT, state: 'ready' });
      expect(intentOf(san.beta)).not.toHaveProperty('grow');
      san.hostGetsOn(5 * SECOND);
      san.eventually('nothing is held against it', () => san.status(san.beta).problems.length === 0);
      san.alpha.cut();
      san.eventually('the other one serves', () => san.beta.kernel.serves(DATA_LUN), 3 * MINUTE);
    },
  );

  test('may be deleted meanwhile', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    wishes.ask('lun.create', { name: 'orders', size: bytes(EXTENT) });
    san.eventually('it is served', () => san.alpha.kernel.serves('orders'));
    let isAnswered = false;
    san.alpha.request('lun.grow', { name: 'orders', size: bytes(8 * EXTENT) }, () => (isAnswered = true));
    san.world.operator.delete(san.beta, 'orders');
    san.eventually('it is gone', () => isAnswered && san.alpha.store.config.luns['orders'] === undefined);
    expect(growths(san.alpha).every(({ state }) => state !== 'running')).toBe(true);
    expect([...san.alpha.kernel.replica.image.volumes.keys()]).toEqual([DATA_LUN]);
  });
});
