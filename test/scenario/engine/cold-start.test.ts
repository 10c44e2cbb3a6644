import { describe, expect, test } from 'vitest';
import { DATA_LUN } from '../../simulation/world.ts';
import { MINUTE, San } from './san.ts';

describe('a new cluster', () => {
  test('makes its pool once both nodes are there, and serves the first LUN', () => {
    const san = new San();
    san.switchOn();
    san.eventually(
      'the pool is ready',
      () => san.alpha.store.config.pools['main']?.state === 'ready',
      2 * MINUTE,
    );
    san.eventually('both copies are current', () => san.isWell(), 2 * MINUTE);

    san.world.operator.create(san.alpha, DATA_LUN, 40);
    san.hostGetsOn();

    const status = san.status(san.beta);
    expect(status).toMatchObject({ serving: true, survivesFailure: true, problems: [] });
    expect(status.luns).toMatchObject([{ name: DATA_LUN, state: 'ready', servedBy: 'alpha' }]);
    expect(san.server).toBe(san.alpha);
  });

  test('waits for the second node, and says so', () => {
    const san = new San();
    san.alpha.restore();
    san.for(2 * MINUTE);
    expect(san.alpha.kernel.isActive).toBe(false);
    expect(san.beta.isPowered).toBe(false);
    const status = san.status(san.alpha);
    expect(status.serving).toBe(false);
    expect(status.problems[0]?.severity).toBe('data-not-served');

    san.beta.restore();
    san.eventually('the pool is made', () => san.isWell(), 3 * MINUTE);
  });

  test('comes up again after both nodes lost their power, with everything that was acknowledged', () => {
    const san = San.serving();
    san.alpha.cut();
    san.beta.cut();
    san.for(10_000);
    san.switchOn();
    san.hostGetsOn(2 * MINUTE);
    san.eventually('all is well', () => san.isWell(), 2 * MINUTE);
    san.world.host.checkAll();
    san.world.operator.checkKept();
  });
});
