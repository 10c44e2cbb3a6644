import { describe, expect, test } from 'vitest';
import { bytes, EXTENT, type ReplyOf, type Result } from '../../../src/model/index.ts';
import type { Machine } from '../../simulation/machine.ts';
import { San, SECOND } from './san.ts';

type Created = Result<ReplyOf<'lun.create'>>;

const create = (machine: Machine, name: string, extents: number): Created[] => {
  const answers: Created[] = [];
  machine.request('lun.create', { name, size: bytes(extents * EXTENT) }, (result) =>
    answers.push(result as Created),
  );
  return answers;
};

const volumes = (san: San): readonly string[] => [...san.alpha.kernel.replica.image.volumes.keys()].sort();

describe('LUNs', () => {
  test('two identical requests at once, on both nodes, make one LUN', () => {
    const san = San.serving();
    const first = create(san.alpha, 'orders', 8);
    const second = create(san.beta, 'orders', 8);
    san.eventually('both are answered', () => first.length + second.length === 2, 5 * SECOND);
    const [one] = first;
    const [two] = second;
    if (one?.ok !== true || two?.ok !== true) throw new Error('both requests should have been accepted');
    expect(two.value.lun.serial).toBe(one.value.lun.serial);
    expect(two.value.operation?.id).toBe(one.value.operation?.id);

    san.eventually('it is served', () => san.alpha.kernel.serves('orders'));
    expect(volumes(san)).toEqual(['data', 'orders']);
  });

  test('the same name with another size is refused', () => {
    const san = San.serving();
    create(san.alpha, 'orders', 8);
    san.eventually('it is served', () => san.alpha.kernel.serves('orders'));
    const other = create(san.beta, 'orders', 9);
    san.for(SECOND);
    expect(other).toMatchObject([{ ok: false, failure: { code: 'name_taken' } }]);
  });

  test('a LUN that does not fit is refused at once', () => {
    const san = San.serving();
    const refused = create(san.alpha, 'huge', 100_000);
    expect(refused).toMatchObject([{ ok: false, failure: { code: 'pool_full' } }]);
    san.for(5 * SECOND);
    expect(Object.keys(san.alpha.store.config.luns)).toEqual(['data']);
  });

  test('a deleted LUN is withdrawn, then its volume removed, and its name may be used again', () => {
    const san = San.serving();
    create(san.alpha, 'orders', 8);
    san.eventually('it is served', () => san.alpha.kernel.serves('orders'));
    const serial = san.alpha.store.config.luns['orders']?.serial;

    san.world.operator.delete(san.beta, 'orders');
    san.eventually('it is gone', () => san.alpha.store.config.luns['orders'] === undefined);
    expect(san.alpha.kernel.luns.has('orders')).toBe(false);
    expect(volumes(san)).toEqual(['data']);
    san.for(SECOND);
    for (const { engine } of [san.alpha, san.beta])
      for (const { instances } of Object.values(engine?.state.status.nodes ?? {}))
        expect(Object.keys(instances)).not.toContain('lun-orders');

    san.world.operator.hearMade('orders');
    create(san.beta, 'orders', 8);
    san.eventually('it is served again', () => san.alpha.kernel.serves('orders'));
    const again = san.alpha.store.config.luns['orders'];
    expect(again?.serial).not.toBe(serial);
    expect(again?.number).toBe(2);
  });

  test('a creation that the death of both engines interrupts is completed', () => {
    const san = San.serving();
    const answers = create(san.alpha, 'orders', 8);
    san.eventually('it is accepted', () => answers.length === 1, 5 * SECOND);
    expect(answers).toMatchObject([{ ok: true }]);
    san.alpha.killEngine();
    san.beta.killEngine();
    san.eventually('it is served', () => san.alpha.kernel.serves('orders'));
    san.eventually('its operation has succeeded', () => {
      const operation = san.alpha.store.config.luns['orders']?.operation ?? '';
      return san.alpha.store.config.operations[operation]?.state === 'succeeded';
    });
  });

  test('a change is not acknowledged while the other node is lost and not yet confirmed off', () => {
    const san = San.serving();
    san.world.board(san.beta).reachable = false;
    san.beta.cut();
    san.for(10 * SECOND);
    const refused = create(san.alpha, 'orders', 8);
    san.for(SECOND);
    expect(refused).toMatchObject([{ ok: false, failure: { code: 'not_synchronised' } }]);
  });
});
