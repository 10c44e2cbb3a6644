import { describe, expect, test } from 'vitest';
import { MINUTE, San, SECOND } from './san.ts';
import { Wishes } from './wishes.ts';

const stateOf = (san: San, seenBy = san.beta): string | undefined =>
  san.status(seenBy).nodes.find(({ name }) => name === 'alpha')?.state;

describe('a node leaves in order', () => {
  test('its LUNs move, nobody is fenced, no write is lost, and it comes back as the copy', () => {
    const san = San.serving();
    const { fencings } = san;
    expect(san.server?.name).toBe('alpha');
    new Wishes(san).leave(san.alpha);
    san.eventually('beta serves', () => san.server === san.beta, 10 * SECOND);
    expect(san.alpha.kernel.isActive).toBe(false);
    san.hostGetsOn();

    // Its engine goes, then its power: it is rebooted.
    san.alpha.killEngine(10 * MINUTE);
    san.eventually('beta knows', () => stateOf(san) === 'offline', 5 * SECOND);
    san.for(20 * SECOND);
    san.alpha.cut();
    san.for(2 * MINUTE);
    expect(stateOf(san)).toBe('offline');
    expect(san.fencings).toBe(fencings);
    san.hostGetsOn();
    expect(san.status(san.beta).problems.map(({ message }) => message)).toContain(
      'alpha has left in order and is off',
    );

    san.alpha.restore();
    san.eventually('both copies are current again', () => san.isWell(), 3 * MINUTE);
    expect(san.fencings).toBe(fencings);
    expect(san.server?.name).toBe('beta');
    expect(san.status(san.beta).nodes.some(({ leaving }) => leaving === true)).toBe(false);
    san.world.host.checkAll();
  });

  test('the power that fails when nothing runs there any more is no reason to fence', () => {
    const san = San.serving();
    const { fencings } = san;
    new Wishes(san).leave(san.alpha);
    san.world.board(san.alpha).reachable = false;
    san.alpha.cut();
    san.for(MINUTE);
    expect(stateOf(san)).toBe('offline');
    expect(san.fencings).toBe(fencings);
    san.hostGetsOn();
  });

  test('one that loses its power in the middle is lost, and fenced as ever', () => {
    const san = San.serving();
    const answer = new Wishes(san).ask('node.leave', { name: 'alpha' });
    expect(answer).toMatchObject({ ok: true, value: { left: false } });
    san.alpha.cut();
    san.eventually('beta serves', () => san.server === san.beta, MINUTE);
    const alpha = san.status(san.beta).nodes.find(({ name }) => name === 'alpha');
    expect(alpha?.fencing?.state).toBe('confirmed');
    san.hostGetsOn();
    san.eventually('both copies are current again', () => san.isWell(), 3 * MINUTE);
    san.world.host.checkAll();
  });

  test('told to stay, it may serve again', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    wishes.leave(san.alpha);
    wishes.node(san.alpha, { leaving: false });
    san.eventually('all is well', () => san.isWell());
    expect(san.server?.name).toBe('beta');
    wishes.leave(san.beta, san.alpha);
    san.eventually('alpha serves', () => san.server === san.alpha, 10 * SECOND);
  });

  test('it is refused where the other node cannot take over, unless it is forced', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    san.beta.cut();
    san.eventually('beta is off', () => stateOfBeta(san) === 'offline', MINUTE);
    const refused = wishes.ask('node.leave', {});
    expect(refused).toMatchObject({ ok: false, failure: { code: 'data_would_stop' } });
    expect(san.server?.name).toBe('alpha');

    const forced = wishes.ask('node.leave', { force: true });
    expect(forced).toMatchObject({ ok: true });
    san.eventually('everything is stopped', () => !san.alpha.kernel.isActive, MINUTE);
  });

  test('the restart of its engine in the middle ends it', () => {
    const san = San.serving();
    expect(new Wishes(san).ask('node.leave', { name: 'alpha' }).ok).toBe(true);
    san.alpha.killEngine();
    san.eventually('all is well', () => san.isWell(), 3 * MINUTE);
    expect(san.status(san.alpha).nodes.some(({ leaving }) => leaving === true)).toBe(false);
    san.world.host.checkAll();
  });
});

const stateOfBeta = (san: San): string | undefined =>
  san.status(san.alpha).nodes.find(({ name }) => name === 'beta')?.state;
