import { describe, expect, test } from 'vitest';
import { success, type OperationView } from '../../../src/model/index.ts';
import { copyImage } from '../../simulation/image.ts';
import type { Machine } from '../../simulation/machine.ts';
import { MINUTE, San, SECOND } from './san.ts';
import { Wishes } from './wishes.ts';

/** What nobody has asked for. */
const JUNK = 999_999;

/** A cluster that serves, and what people do to it by hand. */
class Splitting extends San {
  static override serving(): Splitting {
    const san = new Splitting();
    san.switchOn();
    san.eventually('the new pool is served', () => san.isWell(), 3 * MINUTE);
    san.world.operator.create(san.alpha, 'data', 40);
    san.eventually('the host writes', () => san.world.host.acknowledged > 10 && san.isWell());
    return san;
  }

  /** Both copies have data that the other lacks, and look for each other again. */
  split(): void {
    const { mirror } = this.byHand(this.alpha);
    this.byHand(this.beta);
    mirror.splitByHand((image) => image.blocks.set(0, JUNK));
    this.for(2 * SECOND);
    for (const { kernel } of this.world.machines) mirror.reconnect(kernel.replica, false);
  }

  /** From now on its kernel shows the copy as Primary. */
  saysPrimary({ agents }: Machine): void {
    const perform = agents.perform.bind(agents);
    agents.perform = (work, answered) =>
      perform(work, (result) => {
        const isLook = result.ok && work.agent === 'drbd' && work.operation === 'monitor';
        answered(
          isLook ? success({ ...result.value, facts: { ...result.value.facts, role: 'Primary' } }) : result,
        );
      });
  }

  isTold(machine: Machine): boolean {
    return this.splitTold(machine) !== undefined;
  }

  splitTold(machine: Machine) {
    return this.status(machine).problems.find(({ code }) => code === 'pool_split');
  }

  recover(discard: Machine, asked: Machine = this.alpha) {
    return new Wishes(this).ask('pool.recover', { name: 'main', discard: discard.name }, asked);
  }

  operation(asked: Machine = this.alpha): OperationView | undefined {
    const { operations } = asked.store.config;
    return Object.values(operations).findLast(({ kind }) => kind === 'pool.recover');
  }

  pool(machine: Machine) {
    return this.status(machine).pools[0];
  }

  copyOf(machine: Machine) {
    return this.pool(this.alpha)?.split?.copies.find(({ node }) => node === machine.name);
  }

  /** Both copies are current, and nothing is left of it in the configuration. */
  isWhole(within = 3 * MINUTE): void {
    this.eventually('both copies are current', () => this.isWell(), within);
    for (const machine of this.world.machines) {
      const { split, recovery, solo } = machine.store.config.pools['main'] ?? {};
      expect([split, recovery, solo]).toEqual([undefined, undefined, undefined]);
      expect(this.isTold(machine)).toBe(false);
    }
    expect(this.operation()?.state).toBe('succeeded');
    this.world.host.checkAll();
  }
}

describe('a split brain', () => {
  test('is told on both nodes alike, with since when and what to type; whoever serves goes on', () => {
    const san = Splitting.serving();
    const { server, other } = san;
    if (server !== undefined) server.kernel.sessions = [{ initiator: 'iqn.2026-11.com.example:client' }];
    san.split();
    san.for(20 * SECOND);
    san.eventually('both tell it', () => san.isTold(san.alpha) && san.isTold(san.beta));
    expect(san.splitTold(san.alpha)).toEqual(san.splitTold(san.beta));
    expect(san.splitTold(san.alpha)).toMatchObject({
      severity: 'failure-would-not-be-survived',
      message: expect.stringMatching(
        /^Pool main is split since 20.* UTC: alpha and beta each have data/,
      ) as string,
      next: 'keelson pool recover main',
    });
    expect(san.server).toBe(server);
    expect(san.copyOf(other)).toMatchObject({ serves: false, differs: 4096 });
    expect(san.copyOf(other)?.hosts).toBeUndefined();
    if (server !== undefined) expect(san.copyOf(server)).toMatchObject({ serves: true, hosts: ['client'] });
    expect(san.fencings).toBe(0);
    san.hostGetsOn();
  });

  test('is recovered while the host writes: the chosen copy is filled from the other one, and can serve again', () => {
    const san = Splitting.serving();
    const { server, other } = san;
    if (server === undefined) throw new Error('nobody serves');
    san.split();
    san.eventually('it is told', () => san.isTold(san.alpha));
    expect(san.recover(server)).toMatchObject({ ok: false, failure: { code: 'recovery_victim_serves' } });
    expect(san.operation()).toBeUndefined();
    san.world.host.longestSilence = 0;
    expect(san.recover(other)).toMatchObject({
      ok: true,
      value: { operation: { kind: 'pool.recover', subject: 'main', state: 'running' } },
    });
    // Asked again, and on the other node: the same one.
    expect(san.recover(other, san.beta)).toMatchObject({
      value: { operation: { id: san.operation()?.id } },
    });
    expect(san.recover(server)).toMatchObject({ failure: { code: 'recovery_running' } });
    san.isWhole();
    expect(san.fencings).toBe(0);
    expect(san.server).toBe(server);
    expect(san.world.host.longestSilence).toBeLessThan(5 * SECOND);
    // What was written by hand is nowhere any more, and what the host wrote is there after the loss of the survivor.
    expect(other.kernel.replica.image.blocks.get(0)).not.toBe(JUNK);
    server.cut();
    san.eventually('the other one serves', () => san.server === other, MINUTE);
    san.hostGetsOn();
    san.eventually('both copies are current again', () => san.isWell(), 3 * MINUTE);
    san.world.host.checkAll();
  });

  test('never has the other copy served when the one that serves is lost', () => {
    const san = Splitting.serving();
    const { server, other } = san;
    if (server === undefined) throw new Error('nobody serves');
    san.split();
    san.eventually('it is told', () => san.isTold(san.alpha));
    san.eventually('it is written down', () => san.solo(other) === server.name);
    const board = san.world.board(server);
    server.cut();
    board.reachable = true;
    san.for(20 * SECOND);
    if (!server.isPowered) expect(other.kernel.isActive).toBe(false);
    expect(other.kernel.replica.isPrimary).toBe(false);
    san.eventually('both are there', () => san.stateOf(server, other) === 'online', 3 * MINUTE);
    san.for(MINUTE);
    expect(other.kernel.replica.isPrimary).toBe(false);
    expect(san.isTold(other)).toBe(true);
    expect(san.recover(other, other)).toMatchObject({ ok: true });
    san.isWhole(5 * MINUTE);
    san.hostGetsOn();
  });

  test('that is found when nobody serves: nothing is, before somebody has chosen', () => {
    const san = Splitting.serving();
    const { server, other } = san;
    if (server === undefined) throw new Error('nobody serves');
    const wishes = new Wishes(san);
    wishes.maintenance(true);
    const { mirror } = san.byHand(san.alpha);
    san.split();
    for (const machine of san.world.machines) machine.cut();
    san.switchOn();
    san.for(MINUTE);
    for (const { kernel } of san.world.machines) mirror.reconnect(kernel.replica, false);
    if (san.status(san.alpha).maintenance === true) wishes.maintenance(false);
    san.eventually('it is told', () => san.isTold(san.alpha) && san.isTold(san.beta), MINUTE);
    san.for(MINUTE);
    expect(san.world.machines.some(({ kernel }) => kernel.isActive)).toBe(false);
    expect(san.splitTold(san.alpha)).toMatchObject({ severity: 'data-not-served' });
    expect(san.recover(other)).toMatchObject({ ok: true });
    san.isWhole();
    expect(other.kernel.replica.image.blocks.get(0)).not.toBe(JUNK);
    san.hostGetsOn();
  });
});

describe('what is in the way of a recovery', () => {
  test('nothing is changed where there is nothing to recover, or where nobody can tell', () => {
    const san = Splitting.serving();
    const { other } = san;
    expect(san.recover(other)).toMatchObject({ failure: { code: 'pool_not_split' } });
    const ask = (body: object) => new Wishes(san).ask('pool.recover', body);
    expect(ask({ name: 'none', discard: other.name })).toMatchObject({ failure: { code: 'pool_not_found' } });
    expect(ask({ name: 'main', discard: 'gamma' })).toMatchObject({ failure: { code: 'node_not_found' } });
    san.split();
    san.eventually('it is told', () => san.isTold(san.alpha));
    new Wishes(san).maintenance(true);
    expect(san.recover(other)).toMatchObject({ failure: { code: 'recovery_unknown' } });
    new Wishes(san).maintenance(false);
    expect(san.operation()).toBeUndefined();
    expect(san.recover(other)).toMatchObject({ ok: true });
    san.isWhole();
  });

  test('copies that have no past in common are told as such: the disk of one is made new', () => {
    const san = Splitting.serving();
    const { other } = san;
    const { mirror, replica } = san.byHand(other);
    mirror.splitByHand(() => undefined);
    if (replica.metaData === undefined) throw new Error('it has metadata');
    replica.metaData.bitmap = 'abcdef01';
    replica.metaData.history.splice(0);
    replica.changed();
    san.eventually('it is told', () => san.isTold(san.alpha));
    expect(san.splitTold(san.beta)).toMatchObject({
      message: expect.stringContaining('the copies on alpha and beta have no past in common') as string,
      next: expect.stringContaining('keelson node replace NODE --disk DISK --overwrite DISK') as string,
    });
    expect(san.recover(other)).toMatchObject({ failure: { code: 'copies_unrelated' } });
    // The disk of the other one is made new.
    const answer = new Wishes(san).ask('node.replace', {
      name: other.name,
      disk: '/dev/disk/by-id/new',
    });
    expect(answer).toMatchObject({ ok: true });
    san.eventually('both copies are current', () => san.isWell(), 5 * MINUTE);
    expect(san.isTold(san.alpha)).toBe(false);
    san.hostGetsOn();
    san.world.host.checkAll();
  });

  test('two nodes that say they are Primary: a person has to end one of them first', () => {
    const san = Splitting.serving();
    const { other } = san;
    san.split();
    san.eventually('it is told', () => san.isTold(san.alpha));
    new Wishes(san).resource('drbd-main', { managed: false });
    san.saysPrimary(other);
    san.for(20 * SECOND);
    for (const machine of san.world.machines)
      expect(san.recover(machine)).toMatchObject({
        failure: { code: 'recovery_two_primaries', message: 'pool main is Primary on alpha and beta' },
      });
    expect(san.operation()).toBeUndefined();
  });

  test('a copy that only lags, because its node was off, is no split brain', () => {
    const san = Splitting.serving();
    const { other } = san;
    other.cut();
    san.hostGetsOn();
    other.restore();
    san.eventually('both copies are current', () => san.isWell(), 3 * MINUTE);
    expect(san.operation()).toBeUndefined();
    const entries = san.world.story.last(5000).join('\n');
    expect(entries).not.toContain('pool.split');
  });

  test('the node that discards loses its power in the middle: it goes on when it is back', () => {
    const san = Splitting.serving();
    const { other } = san;
    san.split();
    san.eventually('it is told', () => san.isTold(san.alpha));
    let isAccepted = false;
    san.alpha.request('pool.recover', { name: 'main', discard: other.name }, () => (isAccepted = true));
    san.eventually('it has connected', () => other.kernel.replica.kernel?.discards === true, 10 * SECOND);
    other.cut();
    san.eventually('it was accepted', () => isAccepted, 30 * SECOND);
    san.isWhole(5 * MINUTE);
    san.hostGetsOn();
  });

  test('the changes of the node that serves: its service is ended first, and the other one serves what it has', () => {
    const san = Splitting.serving();
    const { server, other } = san;
    if (server === undefined) throw new Error('nobody serves');
    const { mirror } = san.byHand(san.alpha);
    san.byHand(san.beta);
    mirror.splitByHand(() => undefined);
    san.eventually('it is told', () => san.isTold(san.alpha));
    const wishes = new Wishes(san);
    expect(wishes.ask('node.set', { name: server.name, standby: true })).toMatchObject({
      failure: { code: 'data_would_stop' },
    });
    wishes.node(server, { standby: true, force: true });
    // What the other one has is what counts from then on: for the host of this story it is the same.
    san.eventually('nobody serves', () => !server.kernel.replica.isPrimary, MINUTE);
    san.eventually('its mirror is down', () => server.kernel.replica.kernel === undefined, MINUTE);
    other.kernel.replica.image = copyImage(server.kernel.replica.image);
    expect(san.recover(server)).toMatchObject({ ok: true });
    san.eventually('the other one serves', () => san.server === other, 2 * MINUTE);
    wishes.node(server, { standby: false });
    san.eventually('both copies are current', () => san.operation()?.state === 'succeeded', 5 * MINUTE);
    expect(san.fencings).toBe(0);
  });
});
