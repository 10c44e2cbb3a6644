import { describe, expect, test } from 'vitest';
import { MINUTE, San, SECOND } from './san.ts';

describe('the disk with the configuration is full for a moment', () => {
  test('a change that could not be written leaves no hole: what is acknowledged after it can be read again', () => {
    const san = San.serving();
    const { world, alpha, beta } = san;
    beta.store.full = true;
    world.operator.create(alpha, 'first', 4);
    san.for(200);
    beta.store.full = false;
    world.operator.create(alpha, 'second', 4);
    san.eventually('both are acknowledged', () => world.operator.expected.size === 3, 30 * SECOND);
    san.eventually('all is well', () => san.isWell(), MINUTE);

    alpha.cut();
    beta.cut();
    san.for(SECOND);
    san.switchOn();
    san.eventually('all is well after the loss of power', () => san.isWell(), 5 * MINUTE);
    world.operator.checkKept();
    expect(Object.keys(beta.store.config.luns).sort()).toEqual(['data', 'first', 'second']);
  });
});
