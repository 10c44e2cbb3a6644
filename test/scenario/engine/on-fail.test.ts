import { describe, expect, test } from 'vitest';
import { failed, failure, milliseconds, type OnFail } from '../../../src/model/index.ts';
import { MINUTE, San, SECOND } from './san.ts';
import { Wishes } from './wishes.ts';

/** The target of the serving node breaks, and `answer` was asked for that. */
const broken = (answer: OnFail, timeout?: number): San => {
  const san = San.serving();
  const [target] = Object.keys(san.alpha.store.config.targets);
  new Wishes(san).resource(`target-${target ?? ''}`, {
    onFail: { monitor: answer },
    ...(timeout === undefined ? {} : { failureTimeout: milliseconds(timeout) }),
  });
  san.byHand(san.alpha).luns.clear();
  san.byHand(san.alpha).targetEnabled = false;
  return san;
};

const clean = (san: San): void => {
  expect(new Wishes(san).ask('cleanup', {})).toMatchObject({ ok: true });
};

describe('a monitor finds a failure, and what was asked for that is done', () => {
  test('restart: it is started again where it was', () => {
    const san = broken('restart');
    san.eventually('all is well', () => san.isWell());
    expect(san.server?.name).toBe('alpha');
  });

  test('ignore: it counts as running', () => {
    const san = broken('ignore');
    const { began } = san.watchWork(san.alpha);
    san.for(2 * MINUTE);
    expect(began.filter(({ agent, operation }) => agent === 'lio-target' && operation !== 'monitor')).toEqual(
      [],
    );
    clean(san);
    san.eventually('all is well', () => san.isWell());
  });

  test('block: nothing is done with it until a person has cleaned up', () => {
    const san = broken('block');
    san.for(2 * MINUTE);
    expect(san.server?.name).toBeUndefined();
    expect(san.alpha.kernel.targetEnabled).toBe(false);
    expect(san.status(san.alpha).blocked.some(({ reason }) => reason.includes("'block' was asked for"))).toBe(
      true,
    );
    clean(san);
    san.eventually('all is well', () => san.isWell());
  });

  test('stop: it stays down, everywhere', () => {
    const san = broken('stop');
    san.for(2 * MINUTE);
    expect(san.server?.name).toBeUndefined();
    expect(san.beta.kernel.targetEnabled).toBe(false);
    expect(san.status(san.alpha).blocked.some(({ reason }) => reason.includes('stays stopped'))).toBe(true);
    clean(san);
    san.eventually('all is well', () => san.isWell());
  });

  test('stop, for as long as failures are remembered', () => {
    const san = broken('stop', MINUTE);
    san.for(50 * SECOND);
    expect(san.server?.name).toBeUndefined();
    san.eventually('all is well', () => san.isWell());
  });

  test('standby: everything moves away from that node', () => {
    const san = broken('standby');
    san.eventually('beta serves', () => san.server === san.beta);
    san.eventually('nothing runs on alpha', () => !san.alpha.kernel.isActive);
    san.for(2 * MINUTE);
    expect(san.alpha.kernel.isActive).toBe(false);
    clean(san);
    san.eventually('all is well', () => san.isWell(), 2 * MINUTE);
    expect(san.server?.name).toBe('beta');
    expect(san.fencings).toBe(0);
  });

  test('fence: the node is put out', () => {
    const san = broken('fence');
    san.eventually('it is fenced', () => san.fencings === 1);
    san.eventually('beta serves', () => san.server === san.beta);
    san.eventually('all is well', () => san.isWell(), 3 * MINUTE);
  });
});

describe('a mirror fails', () => {
  test('demote: it is demoted, and promoted again', () => {
    const san = San.serving();
    new Wishes(san).resource('drbd-main', { onFail: { monitor: 'demote' } });
    const { began } = san.watchWork(san.alpha);
    // Its monitor cannot tell any more, three times over.
    san.failMonitors(san.alpha, 'drbd', 45 * SECOND);
    san.eventually('it was demoted', () => began.some(({ operation }) => operation === 'demote'), 2 * MINUTE);
    san.eventually('all is well', () => san.isWell(), 3 * MINUTE);
    expect(san.fencings).toBe(0);
    san.world.host.checkAll();
  });
});

describe('a stop fails', () => {
  const unstoppable = (answer: OnFail | undefined): San => {
    const san = San.serving();
    const [target] = Object.keys(san.alpha.store.config.targets);
    if (answer !== undefined)
      new Wishes(san).resource(`target-${target ?? ''}`, { onFail: { stop: answer } });
    // Somebody has linked a LUN of his own: the target cannot be taken down.
    san.byHand(san.alpha).luns.set('foreign', { number: 99, serial: 'foreign', access: '' });
    new Wishes(san).resource(`target-${target ?? ''}`, { targetRole: 'stopped' });
    return san;
  };

  test('by default the node is fenced', () => {
    const san = unstoppable(undefined);
    san.eventually('it is fenced', () => san.fencings === 1);
  });

  test.each(['block', 'ignore'] as const)('%s: it is not', (answer) => {
    const san = unstoppable(answer);
    san.for(2 * MINUTE);
    expect(san.fencings).toBe(0);
    expect(san.alpha.kernel.targetEnabled).toBe(true);
    expect(san.beta.kernel.targetEnabled).toBe(false);
  });
});

test('the network of an address has no link on the node that serves: when the link is back, so is the address', () => {
  const san = San.serving();
  const { agents } = san.alpha;
  const perform = agents.perform.bind(agents);
  let hasLink = false;
  const noLink = failed(failure('address_no_link', 'no interface with a link'));
  agents.perform = (work, answered) => {
    if (work.agent !== 'address' || work.operation !== 'start' || hasLink) perform(work, answered);
    else san.world.time.after(50, () => answered(noLink));
  };
  const [address = ''] = san.alpha.kernel.addresses;
  san.byHand(san.alpha).addresses.delete(address);
  const problem = () => san.status(san.alpha).problems.find(({ code }) => code === 'address_no_link');
  san.eventually(
    'it is given up for now',
    () => problem()?.message.includes('not tried there again') === true,
  );
  expect(problem()?.next).toContain('tries again by itself');
  expect(san.server?.name).toBe('alpha');
  san.for(10 * SECOND);
  hasLink = true;
  san.eventually('all is well', () => san.isWell());
});
