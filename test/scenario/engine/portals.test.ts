import { describe, expect, test } from 'vitest';
import type { Work } from '../../simulation/agent-host.ts';
import type { Machine } from '../../simulation/machine.ts';
import { success, type TargetView } from '../../../src/model/index.ts';
import { MINUTE, San, SECOND } from './san.ts';
import { Wishes } from './wishes.ts';

const portal = { name: 'main', address: '10.0.5.100', prefix: 24 };

const targetSeenBy = (wishes: Wishes, machine?: Machine): TargetView => {
  const answer = wishes.ask('target', { name: 'main' }, machine);
  if (!answer.ok) throw new Error(answer.failure.message);
  return answer.value;
};
const stateOf = (wishes: Wishes, machine?: Machine, wanted = portal.address): string | undefined =>
  targetSeenBy(wishes, machine).portals.find(({ address }) => address === wanted)?.state;

/** So many hosts are connected at each address of this machine. */
function connect({ agents }: Machine, connections: number): void {
  const perform = agents.perform.bind(agents);
  agents.perform = (work: Work, answered) =>
    perform(work, (result) =>
      answered(
        result.ok && work.agent === 'address' && result.value.state === 'running'
          ? success({ ...result.value, facts: { ...result.value.facts, connections } })
          : result,
      ),
    );
}

describe('a portal', () => {
  test.each([
    ['IPv4', portal],
    ['IPv6', { name: 'main', address: '2001:db8:5::100', prefix: 64 }],
  ])(
    'of %s comes while a host writes, serves, follows a failover, and goes from the node before the target',
    (_kind, asked) => {
      const san = San.serving();
      const wishes = new Wishes(san);
      const work = san.watchWork(san.alpha);
      expect(wishes.ask('portal.add', asked, san.beta)).toMatchObject({ ok: true });
      san.eventually('it serves', () => stateOf(wishes, undefined, asked.address) === 'active');
      expect(wishes.ask('portal.add', asked)).toMatchObject({ ok: true });
      const begun = work.began.filter(({ agent, operation }) => operation !== 'monitor' && agent !== 'drbd');
      expect(begun.map(({ agent, operation }) => `${operation} ${agent}`).sort()).toEqual([
        'reload lio-target',
        'start address',
      ]);
      san.hostGetsOn();

      san.alpha.cut();
      san.eventually('it follows', () => stateOf(wishes, san.beta, asked.address) === 'active', 3 * MINUTE);
      san.eventually('both nodes are well', () => san.isWell(), 5 * MINUTE);
      const removed = wishes.ask('portal.remove', { name: 'main', address: asked.address }, san.beta);
      expect(removed).toMatchObject({ ok: true, value: { target: { name: 'main' } } });
      san.eventually('it is gone', () => stateOf(wishes, san.beta, asked.address) === undefined);
      expect(san.status(san.beta).blocked).toEqual([]);
      expect(wishes.ask('portal.remove', { name: 'main', address: asked.address }, san.beta).ok).toBe(true);
      expect(wishes.ask('portal.remove', { name: 'none', address: asked.address }, san.beta)).toMatchObject({
        value: { target: undefined },
      });
      san.hostGetsOn();
    },
  );

  test('that hosts are connected to stays, unless it is forced', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    connect(san.alpha, 2);
    wishes.ask('portal.add', portal);
    san.eventually('it serves', () => stateOf(wishes) === 'active');
    const asked = { name: 'main', address: portal.address };
    expect(wishes.ask('portal.remove', asked, san.beta)).toMatchObject({
      failure: { code: 'portal_in_use', message: expect.stringContaining('2 connections') as string },
    });
    expect(wishes.ask('portal.remove', { ...asked, force: true }, san.beta)).toMatchObject({ ok: true });
    san.eventually('it is gone', () => stateOf(wishes) === undefined);
  });

  test('is refused where the address is somebody’s, and the last one stays', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    const { portals } = targetSeenBy(wishes);
    const node = Object.values(san.alpha.store.config.nodes)[0];
    const add = (address: string, prefix = 24) => wishes.ask('portal.add', { name: 'main', address, prefix });
    expect(add(node?.management ?? '')).toMatchObject({ failure: { code: 'address_taken' } });
    expect(add(node?.replication ?? '')).toMatchObject({ failure: { code: 'address_taken' } });
    expect(add(portals[0]?.address ?? '', 25)).toMatchObject({ failure: { code: 'address_taken' } });
    expect(wishes.ask('portal.add', { ...portal, name: 'none' })).toMatchObject({
      failure: { code: 'target_not_found' },
    });
    const answers = portals.map(({ address }) =>
      wishes.ask('portal.remove', { name: 'main', address, force: true }),
    );
    expect(answers.at(-1)).toMatchObject({ failure: { code: 'portal_last' } });
  });

  test('that is on its way out while a node is lost goes when that node is known to be off', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    wishes.ask('portal.add', portal);
    san.eventually('it serves', () => stateOf(wishes) === 'active');
    wishes.ask('portal.remove', { name: 'main', address: portal.address }, san.beta);
    san.alpha.cut();
    san.eventually('it is gone', () => stateOf(wishes, san.beta) === undefined, 3 * MINUTE);
    san.eventually('the other node serves', () => san.beta.kernel.serves('data'));
  });
});

test('pools say how much is free, and a LUN goes where it was asked to', () => {
  const san = San.serving();
  const wishes = new Wishes(san);
  const before = wishes.ask('pool', { name: 'main' }, san.beta);
  if (!before.ok) throw new Error(before.failure.message);
  const size = 8 * 4 * 1024 * 1024;
  expect(wishes.ask('lun.create', { name: 'orders', size, pool: 'other' })).toMatchObject({
    failure: { code: 'pool_not_found' },
  });
  expect(wishes.ask('lun.create', { name: 'orders', size, target: 'other' })).toMatchObject({
    failure: { code: 'target_not_found' },
  });
  expect(wishes.ask('lun.create', { name: 'orders', size, target: 'main' })).toMatchObject({ ok: true });
  san.for(SECOND);
  const after = wishes.ask('pools', {}, san.beta);
  expect(after.ok && after.value.items[0]).toMatchObject({
    name: 'main',
    primary: 'alpha',
    size: before.value.size,
    free: (before.value.free ?? 0) - size,
  });
  expect(targetSeenBy(wishes)).toMatchObject({ luns: 2, servedBy: 'alpha', pool: 'main' });
});
