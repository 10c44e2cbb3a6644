import { describe, expect, test } from 'vitest';
import { bytes, EXTENT } from '../../../src/model/index.ts';
import { MINUTE, San, SECOND } from './san.ts';
import { Wishes } from './wishes.ts';

const thin = (name: string, extents: number) => ({ name, size: bytes(extents * EXTENT), thin: true });

function withThin(extents = 500): { readonly san: San; readonly wishes: Wishes } {
  const san = San.serving();
  const wishes = new Wishes(san);
  expect(wishes.ask('lun.create', thin('web', extents))).toMatchObject({
    ok: true,
    value: { lun: { thin: true } },
  });
  san.eventually('it is served', () => san.alpha.kernel.serves('web'));
  return { san, wishes };
}

const codes = (san: San): readonly string[] => san.status(san.beta).problems.map(({ code }) => code);

describe('thin LUNs', () => {
  test('may be larger than the pool, and go with a failover', () => {
    const { san } = withThin(500);
    san.eventually(
      'it is told how full their pool is',
      () => san.status(san.beta).pools[0]?.thin?.provisioned === 500 * EXTENT && codes(san).length === 0,
    );
    san.alpha.cut();
    san.eventually('the other node serves it', () => san.beta.kernel.serves('web'), 3 * MINUTE);
  });

  test('whose pool cannot be activated keep no other LUN from being served, and it is told', () => {
    const { san, wishes } = withThin(500);
    const images = san.world.machines.map(({ kernel }) => kernel.replica.image);
    for (const image of images) image.thinRefused = true;
    san.alpha.cut();
    san.eventually('the other node serves the other LUN', () => san.beta.kernel.serves('data'), 3 * MINUTE);
    san.eventually('it is told what is wrong', () => codes(san).includes('thin_pool_broken'), MINUTE);
    expect([san.beta.kernel.serves('web'), san.beta.kernel.serves('data')]).toEqual([false, true]);
    for (const image of images) image.thinRefused = false;
    expect(wishes.ask('cleanup', {}, san.beta)).toMatchObject({ ok: true });
    san.eventually('it is served again', () => san.beta.kernel.serves('web'), MINUTE);
    san.eventually('nothing is told any more', () => !codes(san).includes('thin_pool_broken'), MINUTE);
  });

  test('are the same for the same request, and not for a thick one', () => {
    const { san, wishes } = withThin(8);
    const { revision } = san.alpha.store.config;
    expect(wishes.ask('lun.create', thin('web', 8), san.beta)).toMatchObject({ ok: true });
    const silent = { name: 'web', size: bytes(8 * EXTENT) };
    expect(wishes.ask('lun.create', silent)).toMatchObject({ ok: true, value: { lun: { thin: true } } });
    expect(wishes.ask('lun.create', { ...silent, thin: false })).toMatchObject({
      ok: false,
      failure: { code: 'name_taken' },
    });
    expect(san.alpha.store.config.luns['web']).toMatchObject({ size: 8 * EXTENT, thin: true });
    expect(Object.keys(san.alpha.store.config.luns)).toEqual(['data', 'web']);
    expect(san.alpha.store.config.revision - revision).toBeLessThanOrEqual(1);
  });

  test('promise ten times what the pool could give them, and no more', () => {
    const { wishes } = withThin(2000);
    // 256 extents less the meta volume, less the 40 of the LUN that is not thin.
    const most = (256 - 1 - 40) * 10;
    const refused = { ok: false, failure: { code: 'thin_overcommitted' } };
    expect(wishes.ask('lun.create', thin('db', most - 2000 + 1))).toMatchObject(refused);
    expect(wishes.ask('lun.grow', { name: 'web', size: bytes((most + 1) * EXTENT) })).toMatchObject(refused);
    expect(wishes.ask('lun.create', thin('db', most - 2000))).toMatchObject({ ok: true });
  });

  test('leave to others what their pool does not take', () => {
    const { san, wishes } = withThin(500);
    const rest = 256 - 1 - 40 - 16;
    const thick = (extents: number) => ({ name: 'thick', size: bytes(extents * EXTENT) });
    san.eventually('it is known what they take', () => san.status(san.alpha).pools[0]?.thin !== undefined);
    expect(wishes.ask('lun.create', thick(rest + 1))).toMatchObject({ failure: { code: 'pool_full' } });
    expect(wishes.ask('lun.create', thick(rest))).toMatchObject({ ok: true });
  });

  test('grow without taking anything', () => {
    const { san, wishes } = withThin(10);
    expect(wishes.ask('lun.grow', { name: 'web', size: bytes(900 * EXTENT) })).toMatchObject({ ok: true });
    san.eventually('it has grown', () => san.alpha.store.config.luns['web']?.size === 900 * EXTENT);
  });

  test('are told to fill before they are full, and then to be full', () => {
    const { san, wishes } = withThin(500);
    const { image } = san.alpha.kernel.replica;
    image.thinPercent = 70;
    san.for(MINUTE);
    expect(codes(san)).toEqual([]);
    // All that is left of the pool goes to others: what the thin LUNs have now is all that they can have.
    wishes.ask('lun.create', { name: 'thick', size: bytes((256 - 1 - 40 - 16) * EXTENT) });
    image.thinPercent = 85;
    san.eventually('it is told', () => codes(san).includes('thin_pool_filling'), MINUTE);
    expect(san.status(san.beta).serving).toBe(true);
    image.thinPercent = 100;
    san.eventually('it is told', () => codes(san).includes('thin_pool_full'), MINUTE);
    expect(san.status(san.beta).serving).toBe(false);
    image.thinPercent = 20;
    san.eventually('it is over', () => codes(san).length === 0, MINUTE + 10 * SECOND);
  });
});
