import { describe, expect, test } from 'vitest';
import { EXTENT, type ReplyOf, type Result } from '../../../src/model/index.ts';
import type { Machine } from '../../simulation/machine.ts';
import { MINUTE, San, SECOND } from './san.ts';
import { Wishes } from './wishes.ts';

const orders = { name: 'orders', size: 8 * EXTENT };
const key = 'b1946ac9-2492-4d23-9bc8-5f3d1d2a0000';

function granted<Value>(answer: Result<Value>): Value {
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value;
}

const etagOf = (wishes: Wishes, kind: 'lun' | 'host', name: string, machine?: Machine): readonly string[] => [
  granted<{ etag?: string }>(wishes.ask(kind, { name }, machine)).etag ?? 'none',
];

describe('a change on the condition of an ETag', () => {
  test('of two that race through both nodes, one is made and the other hears the present ETag', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    const ifMatch = etagOf(wishes, 'host', 'client');
    expect(etagOf(wishes, 'host', 'client', san.beta)).toEqual(ifMatch);
    const answers: Result<unknown>[] = [];
    for (const [machine, initiator] of [
      [san.alpha, 'one'],
      [san.beta, 'two'],
    ] as const)
      machine.request(
        'host.set',
        { name: 'client', initiators: [`iqn.2026-11.com.example:${initiator}`] },
        (answer) => answers.push(answer),
        { ifMatch },
      );
    san.eventually('both are answered', () => answers.length === 2, 10 * SECOND);
    const [made, refused] = answers.toSorted((one, other) => Number(other.ok) - Number(one.ok));
    expect(made).toMatchObject({ ok: true });
    const { etag } = granted(made as Result<{ etag: string }>);
    expect([etag]).not.toEqual(ifMatch);
    expect(refused).toMatchObject({ ok: false, failure: { code: 'precondition_failed', etag } });
    expect(etagOf(wishes, 'host', 'client', san.beta)).toEqual([etag]);
  });

  test('of a LUN is not touched by its coming into service, nor by a failover; by a mapping it is', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    const made = granted(wishes.ask('lun.create', orders));
    san.eventually('it is served', () => san.alpha.kernel.serves('orders'));
    const ifMatch = etagOf(wishes, 'lun', 'orders');
    expect([made.lun.etag]).toEqual(ifMatch);
    san.alpha.cut();
    san.eventually('the other node serves', () => san.beta.kernel.serves('orders'), 3 * MINUTE);
    expect(etagOf(wishes, 'lun', 'orders', san.beta)).toEqual(ifMatch);
    const unmapped = wishes.ask('lun.unmap', { name: 'orders', host: 'client' }, san.beta, { ifMatch });
    expect(unmapped).toMatchObject({ ok: true });
    const stale = wishes.ask('lun.delete', { name: 'orders' }, san.beta, { ifMatch });
    expect(stale).toMatchObject({ ok: false, failure: { code: 'precondition_failed' } });
    expect(wishes.ask('lun', { name: 'orders' }, san.beta)).toMatchObject({ ok: true });
    const now = etagOf(wishes, 'lun', 'orders', san.beta);
    expect(wishes.ask('lun.delete', { name: 'orders' }, san.beta, { ifMatch: now })).toMatchObject({
      ok: true,
      value: { operation: { kind: 'lun.delete' } },
    });
    // It is gone, as was wanted: who repeats that is not refused.
    san.eventually('it is gone', () => !wishes.ask('lun', { name: 'orders' }, san.beta).ok, MINUTE);
    const again = wishes.ask('lun.delete', { name: 'orders' }, san.beta, { ifMatch: now });
    expect(again).toMatchObject({ ok: true, value: { operation: undefined } });
  });
});

describe('a request with an Idempotency-Key', () => {
  const create = (wishes: Wishes, machine: Machine, body: object = orders): Result<ReplyOf<'lun.create'>> =>
    wishes.ask('lun.create', body, machine, { key });

  test('is carried out once, whichever node is asked, also by engines that were started since', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    const first = granted(create(wishes, san.alpha));
    san.eventually('it is served', () => san.alpha.kernel.serves('orders'));
    for (const machine of [san.alpha, san.beta]) machine.killEngine();
    san.for(MINUTE);
    for (const machine of [san.alpha, san.beta]) {
      const again = granted(create(wishes, machine));
      expect([again.lun.serial, again.operation?.id]).toEqual([first.lun.serial, first.operation?.id]);
      expect(again.operation?.state).toBe('succeeded');
    }
    expect(create(wishes, san.beta, { ...orders, size: 9 * EXTENT })).toMatchObject({
      ok: false,
      failure: { code: 'key_reused' },
    });
  });

  test('that comes late does not make again what was deleted since', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    create(wishes, san.alpha);
    san.eventually('it is served', () => san.alpha.kernel.serves('orders'));
    wishes.ask('lun.delete', { name: 'orders' });
    san.eventually('it is gone', () => !wishes.ask('lun', { name: 'orders' }).ok, MINUTE);
    expect(create(wishes, san.beta)).toMatchObject({ ok: false, failure: { code: 'key_spent' } });
    // Another one of its name is none of this request's.
    const other = granted(wishes.ask('lun.create', orders));
    expect(create(wishes, san.beta)).toMatchObject({ ok: false, failure: { code: 'key_spent' } });
    expect(granted(wishes.ask('lun', { name: 'orders' })).serial).toBe(other.lun.serial);
  });

  test('that was refused is not remembered', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    const unknown = { ...orders, hosts: ['nobody'] };
    expect(create(wishes, san.alpha, unknown)).toMatchObject({ failure: { code: 'host_not_found' } });
    expect(create(wishes, san.alpha)).toMatchObject({ ok: true });
  });

  test('keeps its secrets: the configuration that people see does not hold what was sent', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    const backup = {
      name: 'backup',
      initiators: ['iqn.2026-11.com.example:backup'],
      chap: { secret: 'correct-horse-1' },
    };
    const [one, two] = [san.alpha, san.beta].map((machine) =>
      wishes.ask('host.create', backup, machine, { key }),
    );
    expect(one).toMatchObject({ ok: true });
    expect(two).toEqual(one);
    wishes.ask('host.delete', { name: 'backup' });
    expect(wishes.ask('host.create', backup, san.beta, { key })).toMatchObject({
      failure: { code: 'key_spent' },
    });
  });
});

describe('lists', () => {
  test('come in pages that nothing moves, whatever comes and goes between them', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    for (const name of ['d1', 'd3', 'e1', 'd5'])
      wishes.ask('host.create', { name, initiators: [`iqn.2026-11.com.example:${name}`] });
    const page = (after?: string) => granted(wishes.ask('hosts', { name: 'd*', after, limit: 2 }, san.beta));
    const first = page();
    expect([first.items.map(({ name }) => name), first.next]).toEqual([['d1', 'd3'], 'd3']);
    wishes.ask('host.delete', { name: 'd3' });
    wishes.ask('host.create', { name: 'd2', initiators: ['iqn.2026-11.com.example:d2'] });
    const second = page(first.next);
    expect([second.items.map(({ name }) => name), second.next]).toEqual([['d5'], undefined]);
  });

  test('show only what was looked for', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    wishes.ask('lun.create', { ...orders, hosts: [] });
    const names = (filter: object): readonly string[] =>
      granted(wishes.ask('luns', filter)).items.map(({ name }) => name);
    expect(names({})).toEqual(['data', 'orders']);
    expect(names({ host: 'client' })).toEqual(['data']);
    expect(names({ name: 'o*' })).toEqual(['orders']);
    expect(names({ name: 'o' })).toEqual([]);
    expect(names({ pool: 'main', target: 'main' })).toEqual(['data', 'orders']);
    expect(names({ pool: 'other' })).toEqual([]);
    expect(names({ state: 'ready', servedBy: 'alpha' })).toEqual(['data']);
    expect(names({ servedBy: 'beta' })).toEqual([]);
    const hosts = (filter: object): readonly string[] =>
      granted(wishes.ask('hosts', filter)).items.map(({ name }) => name);
    expect(hosts({ lun: 'data' })).toEqual(['client']);
    expect(hosts({ lun: 'orders' })).toEqual([]);
    expect(hosts({ initiator: 'iqn.2026-11.com.example:nobody' })).toEqual([]);
  });
});
