import { describe, expect, test } from 'vitest';
import { after, BEGINNING, read, SAN, settle, status } from './world.ts';

const SERVING = [
  '  * Node List:',
  '    * Online: [ alpha beta ]',
  '',
  '  * Full List of Resources:',
  '    * power\t(stonith:fence_ipmilan):\t Started alpha',
  '    * Clone Set: disk-clone [disk] (promotable):',
  '      * Promoted: [ alpha ]',
  '      * Unpromoted: [ beta ]',
  '    * Resource Group: export:',
  '      * volume\t(ocf:keelson:lvm):\t Started alpha',
  '      * target\t(ocf:keelson:target):\t Started alpha',
];

test('a new cluster is brought up in order, and then left alone', () => {
  const first = settle(read(SAN));
  expect(first.outcome).toBe('complete');
  expect(first.summary).toEqual([
    '  * Start      power      (                     alpha )',
    '  * Start      disk:0     (                      beta )',
    '  * Promote    disk:1     ( Stopped -> Promoted alpha )',
    '  * Start      volume     (                     alpha )',
    '  * Start      target     (                     alpha )',
  ]);
  const steps = first.steps.filter((step) => / (start|promote) on /.test(step));
  expect(steps.slice(-3)).toEqual([
    '  * Resource action: disk:1          promote on alpha',
    '  * Resource action: volume          start on alpha',
    '  * Resource action: target          start on alpha',
  ]);
  expect(status(first.next)).toEqual(SERVING);
  // What was recorded matches the definition: nothing is restarted, nothing is probed again.
  const second = settle(first.next);
  expect([second.summary, second.steps]).toEqual([[], []]);
});

test('the document that was given stays as it was', () => {
  const input = read(SAN);
  const before = structuredClone(input.document);
  settle(input, 'volume_start_0@alpha=1');
  expect(input.document).toEqual(before);
});

describe('a failure on the way', () => {
  const { steps, outcome, next } = settle(read(SAN), 'volume_start_0@alpha=1');

  test('ends the transition: nothing that waits for it is started', () => {
    expect(outcome).toBe('stopped');
    expect(steps.at(-1)).toBe('  * Resource action: volume          start on alpha');
    expect(status(next)).toContain('      * volume\t(ocf:keelson:lvm):\t FAILED alpha');
  });

  test('is counted, with the time', () => {
    const pairs = next.document.nodes[0]?.transient.flatMap((set) => set.pairs) ?? [];
    expect(pairs.map(({ name, value }) => [name, value])).toEqual([
      ['fail-count-volume#start_0', '1'],
      ['last-failure-volume#start_0', String(BEGINNING)],
    ]);
  });

  test('is mended by the next transition', () =>
    expect(settle(next).summary[0]).toBe('  * Recover    volume     ( alpha )'));

  test('of an instance of a clone may be named without its number', () => {
    const failed = settle(read(SAN), 'disk_promote_0@alpha=1');
    expect(failed.outcome).toBe('stopped');
    const steps = failed.steps.filter((step) => step.includes('Resource action'));
    expect(steps.at(-1)).toBe('  * Resource action: disk:1          promote on alpha');
  });
});

test('a lost node is fenced, and has forgotten everything then', () => {
  const lost = after(settle(read(SAN)).next, ['node-fail', 'alpha']);
  expect(status(lost)[1]).toBe('    * Node alpha: UNCLEAN (offline)');
  const fenced = settle(lost);
  expect(fenced.summary[0]).toBe("  * Fence (reboot) alpha 'peer is no longer part of the cluster'");
  expect(fenced.steps).toContain('  * Fencing alpha (reboot)');
  expect(fenced.next.document.nodes[0]).toMatchObject({ resources: undefined, transient: [] });
  expect(status(fenced.next).slice(0, 3)).toEqual([
    '  * Node List:',
    '    * Online: [ beta ]',
    '    * OFFLINE: [ alpha ]',
  ]);
});
