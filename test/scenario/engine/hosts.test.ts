import { describe, expect, test } from 'vitest';
import { MINUTE, San, SECOND } from './san.ts';
import { Wishes } from './wishes.ts';

const backup = { name: 'backup', initiators: ['iqn.2026-11.com.example:backup'] };

/** What was done to the resources of the kernel's target since, in its order. */
function changesSince(work: ReturnType<San['watchWork']>): readonly string[] {
  return work.began
    .filter(({ agent, operation }) => agent.startsWith('lio-') && operation !== 'monitor')
    .map(({ agent, operation }) => `${operation} ${agent}`);
}

const accessOf = (san: San): string | undefined => san.alpha.kernel.luns.get('data')?.access;

describe('hosts', () => {
  test('that come, see a LUN and go are brought to what runs; the host that writes notices nothing', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    const work = san.watchWork(san.alpha);
    expect(wishes.ask('host.create', backup, san.beta)).toMatchObject({ ok: true, value: { luns: [] } });
    san.eventually('the target lets it in', () => changesSince(work).includes('reload lio-target'));

    const mapped = wishes.ask('lun.map', { name: 'data', host: 'backup', readOnly: true });
    expect(mapped).toMatchObject({ ok: true, value: { readOnlyHosts: ['backup'] } });
    san.eventually('it sees the LUN', () => accessOf(san)?.includes('backup') === true, 5 * SECOND);

    wishes.ask('lun.unmap', { name: 'data', host: 'backup' });
    san.eventually('it sees it no more', () => accessOf(san)?.includes('backup') === false, 5 * SECOND);
    expect(wishes.ask('host.delete', { name: 'backup' })).toMatchObject({ ok: true });
    san.for(MINUTE);
    expect(changesSince(work)).toEqual([
      'reload lio-target',
      'reload lio-lun',
      'reload lio-lun',
      'reload lio-target',
    ]);
    expect(san.fencings).toBe(0);
    san.hostGetsOn();
    expect(san.status(san.beta).problems).toEqual([]);
  });

  test('see with a failover what they saw before', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    wishes.ask('host.create', { ...backup, chap: { secret: 'correct-horse-1' } });
    wishes.ask('lun.map', { name: 'data', host: 'backup', readOnly: true });
    san.eventually('it sees the LUN', () => accessOf(san)?.includes('backup') === true);
    const access = accessOf(san);
    san.alpha.cut();
    san.eventually('the other node serves', () => san.beta.kernel.serves('data'), 3 * MINUTE);
    expect(san.beta.kernel.luns.get('data')?.access).toBe(access);
    expect(san.beta.kernel.targetAccess).toContain('correct-horse-1');
    expect(JSON.stringify([san.status(san.beta), wishes.ask('hosts', {}, san.beta)])).not.toContain('horse');
  });

  test('have initiators of their own, whichever node is asked', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    wishes.ask('host.create', backup, san.alpha);
    const thief = { name: 'thief', initiators: backup.initiators };
    expect(wishes.ask('host.create', thief, san.beta)).toMatchObject({
      ok: false,
      failure: { code: 'initiator_taken' },
    });
    expect(wishes.ask('host.delete', { name: 'client' })).toMatchObject({
      ok: false,
      failure: { code: 'host_in_use' },
    });
    expect(wishes.ask('host.delete', { name: 'nobody' })).toMatchObject({
      ok: true,
      value: { deleted: false },
    });
  });

  test('are mapped by a second request while the first one is on its way, and none is lost', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    const names = ['backup', 'web', 'db'];
    for (const name of names)
      wishes.ask('host.create', { name, initiators: [`iqn.2026-11.com.example:${name}`] });
    let answered = 0;
    names.forEach((host, index) => {
      const machine = index % 2 === 0 ? san.alpha : san.beta;
      machine.request('lun.map', { name: 'data', host }, () => (answered += 1));
    });
    san.eventually('all are answered', () => answered === names.length, 10 * SECOND);
    san.eventually('all of them see it', () => names.every((name) => accessOf(san)?.includes(name) === true));
    san.hostGetsOn();
  });
});

describe('what somebody changes behind the engines’ backs', () => {
  const spoil = (san: San): void => {
    const { luns } = san.byHand(san.alpha);
    const lun = luns.get('data');
    if (lun === undefined) throw new Error('the LUN is not served by alpha');
    luns.set('data', { ...lun, access: 'everybody' });
  };
  const isDrifted = (san: San): boolean =>
    san.status(san.beta).problems.some(({ code }) => code === 'configuration_drifted');

  test('is found by the monitor, told with its code, and put right without a stop', () => {
    const san = San.serving();
    san.for(MINUTE);
    const work = san.watchWork(san.alpha);
    const right = accessOf(san);
    spoil(san);
    san.eventually('it is put right', () => accessOf(san) === right);
    expect(changesSince(work)).toEqual(['reload lio-lun']);
    san.for(SECOND);
    expect(isDrifted(san)).toBe(false);
    san.hostGetsOn();
  });

  test('is left as it is where a person wants only to be told, and put right when that ends', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    san.for(MINUTE);
    wishes.resource('lun-data', { onDrift: 'report' });
    spoil(san);
    san.eventually('it is told', () => isDrifted(san));
    san.for(MINUTE);
    expect(accessOf(san)).toBe('everybody');
    expect(san.status(san.beta).serving).toBe(true);
    wishes.resource('lun-data', { onDrift: 'repair' });
    san.eventually('it is put right', () => accessOf(san) !== 'everybody');
  });
});
