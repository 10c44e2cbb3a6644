import { expect, test } from 'vitest';
import { MINUTE, San, SECOND } from './san.ts';

test('the mirror of the serving node cannot be looked at: what stands on it goes down first', () => {
  const san = San.serving();
  const { began } = san.watchWork(san.alpha);
  san.failMonitors(san.alpha, 'drbd', 40 * SECOND);
  san.eventually(
    'the mirror is stopped',
    () => began.some(({ agent, operation }) => agent === 'drbd' && operation === 'stop'),
    MINUTE,
  );
  const stops = began.filter(({ operation }) => operation === 'stop').map(({ agent }) => agent);
  expect(stops.indexOf('drbd')).toBe(stops.length - 1);
  expect(stops.slice(-3)).toEqual(['lio-target', 'lvm', 'drbd']);
  san.eventually('all is well', () => san.isWell(), 3 * MINUTE);
  san.for(MINUTE);
  expect(san.isWell()).toBe(true);
  san.world.host.checkAll();
});
