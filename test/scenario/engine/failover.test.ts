import { describe, expect, test } from 'vitest';
import { MINUTE, San, SECOND } from './san.ts';

describe('the serving node loses its power', () => {
  test('it is fenced, the other one serves, and it comes back as the copy', () => {
    const san = San.serving();
    const { server, other } = san;
    expect(server).toBe(san.alpha);

    san.alpha.cut();
    san.eventually('beta serves', () => san.server === other, 30 * SECOND);
    expect(san.alpha.offAt).toBeLessThan(san.world.time.now);
    san.hostGetsOn();
    // Beta's data is newer from now on: that is on its disk.
    expect(san.solo(san.beta)).toBe('beta');

    // Fencing gives the power back after its proof.
    san.eventually('both copies are current again', () => san.isWell(), 3 * MINUTE);
    expect(san.solo(san.beta)).toBeUndefined();
    expect(san.solo(san.alpha)).toBeUndefined();
    expect(san.server).toBe(san.beta);
    san.world.host.checkAll();
  });

  test('the service is back within seconds of the loss', () => {
    const san = San.serving(7);
    san.world.host.longestSilence = 0;
    san.alpha.cut();
    san.hostGetsOn();
    // 2.2 s to see the loss, then fencing, promotion and the start of everything.
    expect(san.world.host.longestSilence).toBeLessThan(8 * SECOND);
  });
});

describe('the node that went on alone loses its power too', () => {
  test('the other one, back with old data, does not serve it', () => {
    const san = San.serving();
    san.alpha.cut();
    san.world.board(san.alpha).reachable = true;
    san.eventually('beta goes on alone', () => san.solo(san.beta) === 'beta' && san.server === san.beta);
    san.hostGetsOn();
    san.beta.cut();

    // Alpha boots, and finds nobody who knows what happened meanwhile.
    san.for(3 * MINUTE);
    expect(san.alpha.isPowered).toBe(true);
    expect(san.alpha.kernel.isActive).toBe(false);
    expect(san.status(san.alpha).serving).toBe(false);

    san.beta.restore();
    san.hostGetsOn(3 * MINUTE);
    san.eventually('all is well', () => san.isWell(), 3 * MINUTE);
    san.world.host.checkAll();
  });
});
