import { describe, expect, test } from 'vitest';
import { MINUTE, San, SECOND } from './san.ts';
import { Wishes } from './wishes.ts';

const nodeOf = (san: San, name: string) => san.status(san.alpha).nodes.find((node) => node.name === name);
const stateOf = (san: San, name: string): string | undefined => nodeOf(san, name)?.fenceTest?.state;

describe('the fencing is tested', () => {
  test('the node that serves nothing goes dark and comes back; it is proven, and the host has noticed nothing', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    const since = nodeOf(san, 'beta')?.fenceDevices[0]?.proof?.testedAt;
    expect(wishes.ask('fence.test', { name: 'beta' })).toMatchObject({
      ok: true,
      value: { name: 'beta', fenceTest: { state: 'running', level: 1 } },
    });
    san.eventually('beta is dark', () => !san.beta.isPowered, 20 * SECOND);
    san.eventually('the test has passed', () => stateOf(san, 'beta') === 'passed', 2 * MINUTE);
    expect(nodeOf(san, 'beta')?.fenceDevices[0]?.proof?.testedAt).toBeGreaterThan(since ?? 0);
    san.eventually('all is well', () => san.isWell(), 3 * MINUTE);
    expect(san.server).toBe(san.alpha);
    san.hostGetsOn();
    const told = wishes.ask('fence.history', {});
    expect(told).toMatchObject({
      ok: true,
      value: [
        {
          node: 'beta',
          by: 'alpha',
          devices: ['ipmi-beta'],
          attempts: 1,
          reason: expect.stringContaining('being tested') as string,
        },
      ],
    });
    san.world.host.checkAll();
  });

  test('its time is the device’s own, also where nobody serves', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    san.world.mirror.promote = (_replica, answered) => answered('no such luck');
    wishes.ask('node.set', { name: 'alpha', standby: true, force: true });
    san.eventually('nobody serves', () =>
      san.world.machines.every(({ kernel }) => !kernel.replica.isPrimary),
    );
    wishes.ask('node.set', { name: 'alpha', standby: false });
    san.for(MINUTE);
    expect(san.server).toBeUndefined();
    expect(wishes.ask('fence.test', { name: 'beta' })).toMatchObject({ ok: true });
    san.eventually('the test has passed', () => stateOf(san, 'beta') === 'passed', 2 * MINUTE);
    expect(nodeOf(san, 'beta')?.fenceDevices[0]?.proof?.took).toBeLessThan(4 * SECOND);
  });

  test('the node that serves is not put out for a test', () => {
    const san = San.serving();
    expect(new Wishes(san).ask('fence.test', { name: 'alpha' })).toMatchObject({
      ok: false,
      failure: {
        code: 'fence_test_unsafe',
        message: expect.stringContaining('alpha serves pool main') as string,
      },
    });
    expect(san.alpha.isPowered).toBe(true);
  });

  test('dry, the devices are asked and nothing is switched; what does not answer is named', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    expect(wishes.ask('fence.test', { name: 'beta', dry: true })).toMatchObject({ ok: true });
    san.eventually('the dry test has passed', () => stateOf(san, 'beta') === 'passed', 30 * SECOND);
    san.world.board(san.beta).reachable = false;
    expect(wishes.ask('fence.test', { name: 'beta', dry: true })).toMatchObject({ ok: true });
    san.eventually('the dry test has failed', () => stateOf(san, 'beta') === 'failed', MINUTE);
    expect(nodeOf(san, 'beta')?.fenceTest).toMatchObject({
      dry: true,
      failure: { code: 'fence_unreachable', message: expect.stringContaining('ipmi-beta') as string },
    });
    san.world.board(san.beta).reachable = true;
    expect(san.beta.isPowered).toBe(true);
    san.eventually('all is well', () => san.isWell(), 3 * MINUTE);
  });

  test('a board that cannot be reached: the test fails, the node stays in, and no proof is left', () => {
    const san = San.serving();
    san.world.board(san.beta).reachable = false;
    expect(new Wishes(san).ask('fence.test', { name: 'beta' })).toMatchObject({ ok: true });
    san.eventually('the test has failed', () => stateOf(san, 'beta') === 'failed', 2 * MINUTE);
    expect(nodeOf(san, 'beta')).toMatchObject({ state: 'online', fencing: undefined });
    expect(nodeOf(san, 'beta')?.fenceDevices[0]?.proof).toBeUndefined();
    const status = san.status(san.alpha);
    expect(status.problems.map(({ code }) => code)).toContain('fencing_untested');
    expect(status.survivesFailure).toBe(false);
    expect(new Wishes(san).ask('lun.create', { name: 'more', size: 4 * 1024 * 1024 })).toMatchObject({
      ok: false,
      failure: { code: 'fence_untested' },
    });
    san.world.board(san.beta).reachable = true;
    san.for(MINUTE);
    expect(san.beta.isPowered, 'and it is not fenced later').toBe(true);
  });

  test('a board that says yes and does nothing is found out', () => {
    const san = San.serving();
    san.world.board(san.beta).lying = true;
    expect(new Wishes(san).ask('fence.test', { name: 'beta' })).toMatchObject({ ok: true });
    san.eventually('the test has failed', () => stateOf(san, 'beta') === 'failed', 2 * MINUTE);
    expect(nodeOf(san, 'beta')?.fenceTest?.failure?.code).toBe('fence_device_lies');
    san.eventually('beta is taken for what it is', () => nodeOf(san, 'beta')?.state === 'online', MINUTE);
    san.for(10 * SECOND);
    expect(san.beta.isPowered).toBe(true);
    // Repaired, it is believed in the same life of its node: what it said then is not of this test.
    san.world.board(san.beta).lying = false;
    expect(new Wishes(san).ask('fence.test', { name: 'beta' })).toMatchObject({ ok: true });
    san.eventually('beta is dark', () => !san.beta.isPowered, 20 * SECOND);
    san.eventually('the test has passed', () => stateOf(san, 'beta') === 'passed', 2 * MINUTE);
  });

  test('what another level did proves nothing of the one that is tested', () => {
    const san = San.serving();
    san.world.board(san.beta).reachable = false;
    expect(new Wishes(san).ask('fence.test', { name: 'beta' })).toMatchObject({ ok: true });
    san.beta.cut();
    san.eventually('beta is lost', () => nodeOf(san, 'beta')?.state === 'lost', MINUTE);
    new Wishes(san).ask('node.confirm-off', { name: 'beta', acknowledgement: 'beta is off' });
    san.eventually('the test has failed', () => stateOf(san, 'beta') === 'failed', 2 * MINUTE);
    expect(nodeOf(san, 'beta')?.fenceTest?.failure).toEqual({
      code: 'fence_not_confirmed',
      message: 'beta was put out, and not by ipmi-beta: a person confirmed it',
    });
    expect(nodeOf(san, 'beta')?.fenceDevices[0]?.proof).toBeUndefined();
  });

  test('a board that switches the other node: the one that is left says so, and serves', () => {
    const san = San.serving();
    const [wrong, right] = [san.world.board(san.beta), san.world.board(san.alpha)];
    const perform = wrong.perform.bind(wrong);
    wrong.perform = right.perform.bind(right);
    expect(new Wishes(san).ask('fence.test', { name: 'beta' })).toMatchObject({ ok: true });
    san.eventually('alpha is dark', () => !san.alpha.isPowered, 20 * SECOND);
    wrong.perform = perform;
    const testOf = () => san.status(san.beta).nodes.find(({ name }) => name === 'beta')?.fenceTest;
    san.eventually('the test has failed', () => testOf()?.state === 'failed', 2 * MINUTE);
    expect(testOf()?.failure).toEqual({
      code: 'fence_wrong_node',
      message: 'alpha went dark when beta was to, and beta did not',
    });
    san.eventually('beta serves', () => san.server === san.beta, MINUTE);
    san.hostGetsOn();
    expect(san.beta.isPowered).toBe(true);
    new Wishes(san).ask(
      'fence.waive',
      { name: 'beta', reason: 'its board is wired anew tomorrow' },
      san.beta,
    );
    san.eventually('all is well but for the test', () => san.isWell(), 3 * MINUTE);
    san.world.host.checkAll();
  });

  test('a waiver is recorded, stays visible, and ends', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    san.world.board(san.beta).reachable = false;
    wishes.ask('fence.test', { name: 'beta' });
    san.eventually('the test has failed', () => stateOf(san, 'beta') === 'failed', 2 * MINUTE);
    san.world.board(san.beta).reachable = true;
    expect(wishes.ask('fence.waive', { name: 'beta', reason: 'its board comes on Monday' })).toMatchObject({
      ok: true,
      value: { fenceWaiver: { reason: 'its board comes on Monday' } },
    });
    const waived = san.status(san.beta).problems.find(({ code }) => code === 'fencing_waived');
    expect(waived?.message).toContain('its board comes on Monday');
    expect(wishes.ask('lun.create', { name: 'more', size: 4 * 1024 * 1024 })).toMatchObject({ ok: true });
    expect(wishes.ask('fence.waive', { name: 'beta' })).toMatchObject({ ok: true });
    expect(san.status(san.beta).problems.map(({ code }) => code)).toContain('fencing_untested');
  });
});
