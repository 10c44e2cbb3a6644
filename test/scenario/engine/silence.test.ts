import { describe, expect, test } from 'vitest';
import type { Machine } from '../../simulation/machine.ts';
import { MINUTE, San, SECOND } from './san.ts';

const stateOf = (san: San, of: Machine, seenBy: Machine): string | undefined =>
  san.status(seenBy).nodes.find(({ name }) => name === of.name)?.state;

/** Its process lives, and Corosync takes it for a member; it reads and does nothing (SIGSTOP, an endless loop). */
const hang = (machine: Machine, hangs = true): void => machine.engine?.setPaused(hangs);

describe('an engine hangs while its process and Corosync live', () => {
  test('for a few seconds: nobody minds', () => {
    const san = San.serving();
    hang(san.beta);
    san.for(8 * SECOND);
    expect(stateOf(san, san.beta, san.alpha)).toBe('online');
    hang(san.beta, false);
    san.for(MINUTE);
    expect(san.fencings).toBe(0);
    expect(san.isWell()).toBe(true);
  });

  test('for half its grace: it is told, and when it goes on, it is a member as before', () => {
    const san = San.serving();
    hang(san.beta);
    san.eventually(
      'alpha tells of it',
      () => stateOf(san, san.beta, san.alpha) === 'engine-gone',
      17 * SECOND,
    );
    const { problems } = san.status(san.alpha);
    expect(problems.find(({ code }) => code === 'node_engine_gone')?.message).toContain('engine of beta');
    hang(san.beta, false);
    san.eventually('it is heard again', () => stateOf(san, san.beta, san.alpha) === 'online', 6 * SECOND);
    expect(stateOf(san, san.beta, san.beta)).toBe('online');
    san.for(MINUTE);
    expect(san.fencings).toBe(0);
    expect(san.isWell()).toBe(true);
  });

  test('beyond its grace, on the node that serves and is the DC: the other one takes over and fences it', () => {
    const san = San.serving();
    expect(san.status(san.beta).controller).toBe('alpha');
    const { life } = san.alpha;
    hang(san.alpha);
    san.eventually('beta is the DC', () => san.status(san.beta).controller === 'beta', 17 * SECOND);
    expect(san.server).toBe(san.alpha);
    san.eventually('alpha is fenced', () => san.alpha.life > life, 30 * SECOND);
    san.eventually('beta serves', () => san.server === san.beta, 30 * SECOND);
    san.hostGetsOn();
    san.eventually('all is well', () => san.isWell(), 3 * MINUTE);
    san.world.host.checkAll();
  });

  test('a DC that goes on just before it is fenced gives no order of its old life', () => {
    const san = San.serving();
    hang(san.alpha);
    san.eventually('beta is the DC', () => san.status(san.beta).controller === 'beta', 17 * SECOND);
    const { began } = san.watchWork(san.beta);
    hang(san.alpha, false);
    san.for(6 * SECOND);
    for (const machine of [san.alpha, san.beta]) {
      expect(san.status(machine).controller).toBe('beta');
      expect(stateOf(san, san.alpha, machine)).toBe('online');
    }
    expect(began.filter(({ operation }) => operation !== 'monitor')).toEqual([]);
    san.world.operator.create(san.alpha, 'more', 4);
    san.eventually('the new DC makes a LUN', () => san.alpha.kernel.serves('more'));
    expect(san.fencings).toBe(0);
  });

  test('while it cannot be fenced, nothing is started elsewhere; the status says why', () => {
    const san = San.serving();
    san.world.board(san.alpha).reachable = false;
    hang(san.alpha);
    san.for(90 * SECOND);
    expect(san.beta.kernel.isActive).toBe(false);
    expect(san.server).toBe(san.alpha);
    const message = san.status(san.beta).problems.find(({ code }) => code === 'fence_unreachable')?.message;
    expect(message).toContain('alpha must be fenced and cannot be');
    san.world.board(san.alpha).reachable = true;
    san.eventually('beta serves', () => san.server === san.beta, MINUTE);
    san.eventually('all is well', () => san.isWell(), 4 * MINUTE);
    san.world.host.checkAll();
  });

  test('when the other engine starts anew meanwhile: it does not wait for the hung one for ever', () => {
    const san = San.serving();
    const { life } = san.alpha;
    hang(san.alpha);
    san.for(SECOND);
    san.beta.killEngine();
    san.for(10 * SECOND);
    expect(san.status(san.beta).synchronised).toBe(false);
    san.eventually('alpha is fenced', () => san.alpha.life > life, MINUTE);
    san.eventually('all is well', () => san.isWell(), 4 * MINUTE);
    san.world.host.checkAll();
  });

  test('both hang, and go on: neither blames the other', () => {
    const san = San.serving();
    hang(san.alpha);
    hang(san.beta);
    san.for(3 * MINUTE);
    hang(san.alpha, false);
    san.for(2 * SECOND);
    hang(san.beta, false);
    san.for(MINUTE);
    expect(san.fencings).toBe(0);
    expect(san.isWell()).toBe(true);
  });
});

describe('a fence device confirms a power off that did not happen', () => {
  test('the node speaks all the same: that is told, and what is the case is learnt anew', () => {
    const san = San.serving();
    san.world.board(san.beta).lying = true;
    san.world.mirror.setLink(false);
    const hasTold = (): boolean =>
      san.world.story
        .last(2000)
        .some((line) => line.includes('EVENT beta is there, although its fence device has confirmed'));
    san.eventually('alpha tells of it', hasTold);
    san.world.board(san.beta).lying = false;
    san.world.mirror.setLink(true);
    san.hostGetsOn();
    san.eventually('all is well', () => san.isWell(), 4 * MINUTE);
    expect(stateOf(san, san.beta, san.beta)).toBe('online');
    san.world.host.checkAll();
  });
});
