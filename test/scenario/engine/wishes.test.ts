import { describe, expect, test } from 'vitest';
import { milliseconds } from '../../../src/model/index.ts';
import { MINUTE, San, SECOND } from './san.ts';
import { Wishes } from './wishes.ts';

describe('standby', () => {
  test('the LUNs move away, and do not come back when it is over', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    wishes.node(san.alpha, { standby: true });
    san.eventually(
      'beta serves, and nothing runs on alpha',
      () => san.server === san.beta && !san.alpha.kernel.isActive,
    );
    san.hostGetsOn();
    expect(san.status(san.beta).survivesFailure).toBe(false);
    expect(san.status(san.beta).nodes.find(({ name }) => name === 'alpha')?.standby).toBe(true);

    wishes.node(san.alpha, { standby: false });
    san.eventually('all is well', () => san.isWell(), 3 * MINUTE);
    expect(san.server?.name).toBe('beta');
    expect(san.fencings).toBe(0);
    san.world.host.checkAll();
  });

  test('of the other node, which is well: it is not put out when the serving one has to begin again', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    wishes.node(san.beta, { standby: true });
    san.eventually('the mirror of beta is down', () => san.beta.kernel.replica.kernel === undefined, MINUTE);
    const { life } = san.beta;
    san.alpha.cut();
    san.for(10 * SECOND);
    san.alpha.restore();
    san.eventually('alpha serves again', () => san.server === san.alpha, 2 * MINUTE);
    san.hostGetsOn();
    expect(san.beta.life).toBe(life);

    wishes.node(san.beta, { standby: false });
    san.eventually('all is well', () => san.isWell(), 3 * MINUTE);
    expect(san.beta.life).toBe(life);
    expect(san.solo(san.alpha)).toBeUndefined();
    san.world.host.checkAll();
  });

  test('where the other node cannot take over, it is refused', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    wishes.node(san.beta, { standby: true });
    san.eventually('beta is empty', () => !san.beta.kernel.isActive);
    const refused = wishes.ask('node.set', { name: 'alpha', standby: true });
    expect(refused).toMatchObject({ ok: false, failure: { code: 'data_would_stop' } });
    expect(wishes.ask('node.set', { name: 'alpha', standby: true, force: true })).toMatchObject({ ok: true });
    san.eventually('nothing runs', () => !san.alpha.kernel.isActive);
  });
});

describe('maintenance', () => {
  test('what could not be looked at shortly before it is looked at as soon as it is over', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    const { began } = san.watchWork(san.alpha);
    san.failMonitors(san.alpha, 'address', 45 * SECOND);
    const failed = (): readonly string[] =>
      Object.entries(san.alpha.engine?.state.status.nodes['alpha']?.instances ?? {})
        .filter(([, { failures }]) => failures?.operation === 'monitor')
        .map(([id]) => id);
    san.eventually('an address cannot be looked at', () => failed().length > 0, 45 * SECOND);
    wishes.maintenance(true);
    san.for(15 * SECOND);
    began.length = 0;
    wishes.maintenance(false);
    san.for(2 * SECOND);
    const looked = began.filter(({ agent, operation }) => agent === 'address' && operation === 'monitor');
    expect(new Set(looked.map(({ parameters }) => parameters['address'])).size).toBe(2);
    san.eventually('all is well', () => san.isWell(), MINUTE);
    san.world.host.checkAll();
  });

  test.each(['cluster', 'node'] as const)(
    'of the %s: whatever is killed is left alone, and mended afterwards',
    (what) => {
      const san = San.serving();
      const wishes = new Wishes(san);
      const turn = (on: boolean): void =>
        what === 'cluster' ? wishes.maintenance(on) : wishes.node(san.alpha, { maintenance: on });
      turn(true);
      san.for(5 * SECOND);
      const { began } = san.watchWork(san.alpha);
      san.byHand(san.alpha).luns.clear();
      san.byHand(san.alpha).addresses.clear();
      san.byHand(san.alpha).targetEnabled = false;
      san.for(2 * MINUTE);
      expect(began).toEqual([]);
      expect(san.server?.name).toBeUndefined();

      // The engine may go for longer than its grace.
      san.alpha.killEngine(3 * MINUTE);
      san.for(2 * MINUTE);
      expect(san.fencings).toBe(0);
      san.eventually('it is back', () => san.alpha.engine !== undefined, 2 * MINUTE);
      san.for(10 * SECOND);
      expect(san.server?.name).toBeUndefined();
      expect(began.filter(({ operation }) => operation !== 'monitor')).toEqual([]);

      turn(false);
      san.eventually('all is well', () => san.isWell());
      expect(san.server?.name).toBe('alpha');
      expect(san.fencings).toBe(0);
      san.hostGetsOn();
      san.world.host.checkAll();
    },
  );

  test('a lost node is fenced even then, and nothing of it is started', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    wishes.maintenance(true);
    san.alpha.cut();
    san.eventually('it is fenced', () => san.fencingOf(san.alpha, san.beta) === 'confirmed', MINUTE);
    san.for(MINUTE);
    expect(san.server?.name).toBeUndefined();
    new Wishes(san).ask('cluster.set', { maintenance: false }, san.beta);
    san.eventually('somebody serves again', () => san.server !== undefined, 2 * MINUTE);
    san.eventually('all is well', () => san.isWell(), 3 * MINUTE);
    san.world.host.checkAll();
  });
});

describe('a resource that is not managed', () => {
  test('is watched and left alone; the others are taken care of', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    wishes.resource('lun-data', { managed: false });
    san.byHand(san.alpha).luns.clear();
    const { began } = san.watchWork(san.alpha);
    san.for(MINUTE);
    expect(san.server?.name).toBeUndefined();
    expect(began.filter(({ operation }) => operation !== 'monitor')).toEqual([]);
    expect(began.filter(({ agent }) => agent === 'address').length).toBeGreaterThan(0);
    const { problems, blocked } = san.status(san.alpha);
    expect(problems.map(({ code }) => code)).toContain('resource_unmanaged');
    expect(blocked.map(({ subject }) => subject)).toContain('lun-data');

    wishes.resource('lun-data', { managed: true });
    san.eventually('all is well', () => san.isWell());
  });

  test('keeps what it stands on, even on a node that is to be emptied, and nobody is fenced for it', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    wishes.resource('lun-data', { managed: false });
    wishes.node(san.alpha, { standby: true, force: true });
    san.for(2 * MINUTE);
    // All that may go has gone, its addresses among it.
    expect(san.alpha.kernel.addresses.size).toBe(0);
    expect([...san.alpha.kernel.luns.keys()]).toEqual(['data']);
    expect(san.alpha.kernel.replica.isPrimary).toBe(true);
    expect(san.fencings).toBe(0);
    expect(wishes.ask('node.leave', { name: 'alpha' })).toMatchObject({ failure: { code: 'not_managed' } });
    wishes.resource('lun-data', { managed: true });
    san.eventually('beta serves', () => san.server === san.beta);
    san.for(10 * SECOND);
    expect(san.fencings).toBe(0);
  });

  test('an unknown one is refused, and nothing is changed', () => {
    const san = San.serving();
    const { revision } = san.alpha.store.config;
    const refused = new Wishes(san).ask('resource.set', { id: 'lun-nothing', policy: { managed: false } });
    expect(refused).toMatchObject({ ok: false, failure: { code: 'resource_not_found' } });
    const nonsense = new Wishes(san).ask('resource.set', {
      id: 'lun-data',
      policy: { onFail: { stop: 'standby' } },
    });
    expect(nonsense).toMatchObject({ ok: false, failure: { code: 'policy_invalid' } });
    expect(san.alpha.store.config.revision).toBe(revision);
  });

  test('one that is to be stopped is stopped, and started again when that is over', () => {
    const san = San.serving();
    // The host loses its disk, as was asked for.
    san.byHand(san.alpha);
    const wishes = new Wishes(san);
    wishes.resource('lun-data', { targetRole: 'stopped' });
    san.eventually('it is stopped', () => san.server === undefined);
    expect(san.alpha.store.config.resources).toEqual({ 'lun-data': { targetRole: 'stopped' } });
    wishes.resource('lun-data', { targetRole: 'started' });
    san.eventually('all is well', () => san.isWell());
    expect(san.alpha.store.config.resources).toBeUndefined();
  });
});

describe('a start delay', () => {
  test('lets a start begin so much later', () => {
    const san = San.serving();
    new Wishes(san).resource('lun-data', { startDelay: milliseconds(8000) });
    const { began } = san.watchWork(san.alpha);
    san.byHand(san.alpha).luns.clear();
    const at = san.world.time.now;
    san.eventually('it is served again', () => san.server === san.alpha);
    const seen = began.find(({ operation, agent }) => operation === 'start' && agent === 'lio-lun');
    expect(seen).toBeDefined();
    expect((seen?.at ?? 0) - at).toBeGreaterThanOrEqual(8000);
    expect(began.filter(({ operation }) => operation === 'start')).toHaveLength(1);
  });

  test('that is under way is void when the nodes change', () => {
    const san = San.serving();
    new Wishes(san).resource('lun-data', { startDelay: milliseconds(30_000) });
    san.byHand(san.alpha).luns.clear();
    san.for(15 * SECOND);
    const { began } = san.watchWork(san.alpha);
    san.beta.killEngine();
    const at = san.world.time.now;
    san.eventually('it is served again', () => san.server === san.alpha, 2 * MINUTE);
    const starts = began.filter(({ operation, agent }) => operation === 'start' && agent === 'lio-lun');
    expect(starts).toHaveLength(1);
    expect((starts[0]?.at ?? 0) - at).toBeGreaterThanOrEqual(30_000);
  });
});
