import { describe, expect, test } from 'vitest';
import type { Machine } from '../../simulation/machine.ts';
import { MINUTE, San, SECOND } from './san.ts';
import { Wishes } from './wishes.ts';

const NEW_DISK = '/dev/disk/by-id/new';

/** A cluster that serves, and whoever replaces a disk in it. */
class Replacing extends San {
  static override serving(): Replacing {
    const san = new Replacing();
    san.switchOn();
    san.eventually('the new pool is served', () => san.isWell(), 3 * MINUTE);
    san.world.operator.create(san.alpha, 'data', 40);
    san.eventually('the host writes', () => san.world.host.acknowledged > 0 && san.isWell());
    return san;
  }

  replace(machine: Machine, body: object = {}, asked: Machine = this.other): unknown {
    return new Wishes(this).ask('node.replace', { name: machine.name, disk: NEW_DISK, ...body }, asked);
  }

  replacement(machine: Machine = this.other) {
    return machine.store.config.replacement;
  }

  isFilling(machine: Machine): boolean {
    const { replica } = machine.kernel;
    return this.replacement(machine)?.phase === 'fill' && replica.kernel?.disk === 'Inconsistent';
  }

  problems(machine: Machine): string {
    return this.status(machine)
      .problems.map(({ code, message }) => `${code} ${message}`)
      .join('\n');
  }

  /** Both copies are current, and the record says that it is over. */
  ends(within = 5 * MINUTE): void {
    this.eventually(
      'the new disk is filled',
      () =>
        this.world.machines.every(
          ({ store, kernel }) =>
            store.config.replacement === undefined && kernel.replica.kernel?.disk === 'UpToDate',
        ),
      within,
    );
    for (const { store } of this.world.machines) {
      expect(store.config.pools['main']?.solo).toBeUndefined();
      const records = Object.values(store.config.operations).filter(({ kind }) => kind === 'node.replace');
      expect(records.at(-1)?.state).toBe('succeeded');
    }
    this.world.host.checkAll();
  }
}

describe('a disk is replaced while the host writes', () => {
  test('of the node that has the copy: nobody is fenced, and the host sees nothing', () => {
    const san = Replacing.serving();
    const { server, other } = san;
    san.world.host.longestSilence = 0;
    expect(san.replace(other)).toMatchObject({
      ok: true,
      value: { operation: { kind: 'node.replace', subject: other.name, state: 'running' } },
    });
    san.eventually('it is being filled', () => san.isFilling(other), MINUTE);
    // Until it is full only the other one has the data, and that is on both disks.
    for (const machine of [san.alpha, san.beta]) expect(san.solo(machine)).toBe(server?.name);
    expect(san.status(other).survivesFailure).toBe(false);
    expect(san.problems(san.alpha)).toContain('node_replacing');
    expect(san.status(san.alpha).problems).toEqual(san.status(san.beta).problems);
    san.ends();
    expect(san.fencings).toBe(0);
    expect(san.server).toBe(server);
    expect(other.store.config.pools['main']?.disks[other.name]).toBe(NEW_DISK);
    expect(san.world.host.longestSilence).toBeLessThan(5 * SECOND);
  });

  test('that has failed: the kernel of the node that serves freezes and asks, goes on, and nobody is put out', () => {
    const san = Replacing.serving();
    const { server, other } = san;
    if (server === undefined) throw new Error('nobody serves');
    other.kernel.replica.diskFailed = true;
    other.kernel.replica.changed();
    san.for(5 * SECOND);
    san.world.host.longestSilence = 0;
    san.replace(other);
    san.ends();
    expect(san.fencings).toBe(0);
    expect(san.server).toBe(server);
    expect(san.world.host.longestSilence).toBeLessThan(10 * SECOND);
    san.hostGetsOn();
  });

  test('of the node that serves: it hands over first', () => {
    const san = Replacing.serving();
    const { server, other } = san;
    if (server === undefined) throw new Error('nobody serves');
    san.replace(server);
    san.eventually('the other one serves', () => san.server === other, MINUTE);
    san.ends();
    expect(san.fencings).toBe(0);
    expect(san.server).toBe(other);
  });

  test('of a node that is off: it is filled when it comes back, and what then serves is what was written last', () => {
    const san = Replacing.serving();
    san.world.board(san.alpha).reachable = true;
    san.beta.cut();
    san.eventually('beta is off', () => san.stateOf(san.beta, san.alpha) === 'offline', MINUTE);
    san.replace(san.beta, {}, san.alpha);
    san.ends();
    expect(san.solo(san.alpha)).toBeUndefined();
    // The next loss of the one that stayed loses nothing.
    san.alpha.cut();
    san.eventually('beta serves', () => san.server === san.beta, MINUTE);
    san.hostGetsOn();
    san.eventually('both copies are current again', () => san.isWell(), 3 * MINUTE);
    san.world.host.checkAll();
  });
});

describe('something fails in the middle', () => {
  test('the survivor: the disk that is half full serves nothing, and the status says where the data is', () => {
    const san = Replacing.serving();
    const { server, other } = san;
    if (server === undefined) throw new Error('nobody serves');
    san.replace(other);
    san.eventually('it is being filled', () => san.isFilling(other), MINUTE);
    const board = san.world.board(server);
    server.cut();
    board.reachable = false;
    san.for(MINUTE);
    expect(other.kernel.isActive).toBe(false);
    expect(san.status(other).serving).toBe(false);
    expect(san.problems(other)).toContain(
      `it waits for ${server.name}, which alone has the data of pool main. Nothing of it is lost`,
    );
    board.reachable = true;
    server.restore();
    san.hostGetsOn(5 * MINUTE);
    san.ends();
  });

  test('the node whose disk it is: it goes on where it was', () => {
    const san = Replacing.serving();
    const { other } = san;
    san.replace(other);
    san.eventually('it is being filled', () => san.isFilling(other), MINUTE);
    const { mark } = other.kernel.replica;
    other.cut();
    san.ends();
    // It was made once, and not emptied again.
    expect(other.kernel.replica.mark).toBe(mark);
  });

  test('both at once: nothing is lost, and it is completed', () => {
    const san = Replacing.serving();
    const { other } = san;
    san.replace(other);
    san.eventually('it is being filled', () => san.isFilling(other), MINUTE);
    for (const machine of [san.alpha, san.beta]) machine.cut();
    san.for(5 * SECOND);
    san.switchOn();
    san.ends();
    san.hostGetsOn();
  });

  test('the engines, before anything was taken away', () => {
    const san = Replacing.serving();
    const { other } = san;
    san.replace(other);
    for (const machine of [san.alpha, san.beta]) machine.killEngine(2 * SECOND);
    san.ends();
    expect(other.kernel.replica.mark).toBeDefined();
  });
});

describe('a machine is replaced', () => {
  const keys = { machine: true, disk: undefined, secrets: { authkey: 'another', token: 'token' } };

  /** Alpha is gone for good, beta serves. */
  function withoutAlpha(): Replacing {
    const san = Replacing.serving();
    san.alpha.staysDark = true;
    san.alpha.cut();
    san.eventually('beta serves alone', () => san.server === san.beta && san.solo(san.beta) === 'beta');
    san.hostGetsOn();
    return san;
  }

  test('keys are issued anew first, then it waits for the new one, which is filled and counts when its fencing is tested', () => {
    const san = withoutAlpha();
    expect(san.replace(san.alpha, keys, san.beta)).toMatchObject({ ok: true });
    san.eventually('it waits for the new machine', () => san.replacement(san.beta)?.phase === 'fill');
    expect(san.beta.authkey).toBe('another');
    expect(JSON.stringify(san.beta.store.config)).not.toContain('another');
    const waiting = san.status(san.beta).problems.find(({ code }) => code === 'node_replacing');
    expect(waiting?.message).toContain(
      '3 of 3: the new disk is filled from the other node; it waits for alpha',
    );
    expect(waiting?.next).toContain('keelson cluster join');

    san.alpha.staysDark = false;
    san.alpha.restore();
    san.ends();
    const { problems, survivesFailure } = san.status(san.alpha);
    expect(problems.map(({ code }) => code)).toContain('fencing_untested');
    expect(survivesFailure).toBe(false);
    expect(san.alpha.kernel.replica.mark).toBeDefined();
  });

  test('is refused while it is there, and while nobody knows that it is off', () => {
    const san = Replacing.serving();
    expect(san.replace(san.alpha, keys, san.beta)).toMatchObject({ failure: { code: 'node_not_off' } });
    san.world.board(san.alpha).reachable = false;
    san.alpha.staysDark = true;
    san.alpha.cut();
    san.eventually('alpha is lost', () => san.stateOf(san.alpha, san.beta) === 'lost');
    expect(san.replace(san.alpha, keys, san.beta)).toMatchObject({
      failure: { code: 'node_off_unconfirmed' },
    });
    new Wishes(san).ask('node.confirm-off', { name: 'alpha', acknowledgement: 'alpha is off' }, san.beta);
    expect(san.replace(san.alpha, keys, san.beta)).toMatchObject({ ok: true });
  });

  test('goes on when the engine of the one that stays ends in the middle', () => {
    const san = withoutAlpha();
    san.replace(san.alpha, keys, san.beta);
    san.beta.killEngine(2 * SECOND);
    san.eventually('it waits for the new machine', () => san.replacement(san.beta)?.phase === 'fill');
    expect(san.beta.authkey).toBe('another');
    san.hostGetsOn();
  });

  test('another disk of the machine that is coming changes nothing of its keys', () => {
    const san = withoutAlpha();
    san.replace(san.alpha, keys, san.beta);
    san.eventually('it waits for the new machine', () => san.replacement(san.beta)?.phase === 'fill');
    expect(san.replace(san.alpha, {}, san.beta)).toMatchObject({ ok: true });
    san.eventually('it waits for the new machine', () => san.replacement(san.beta)?.phase === 'fill');
    expect(san.replacement(san.beta)).toMatchObject({ machine: true, disks: { main: NEW_DISK } });
    san.alpha.staysDark = false;
    san.alpha.restore();
    san.ends();
  });
});

describe('what is asked for', () => {
  test('again is under way; with another disk it begins anew with that one', () => {
    const san = Replacing.serving();
    const { other } = san;
    const idOf = (answer: unknown) =>
      (answer as { value?: { operation: { id: string } } }).value?.operation.id;
    const first = idOf(san.replace(other));
    expect(first).toBeDefined();
    expect(idOf(san.replace(other))).toBe(first);
    san.eventually('it is being filled', () => san.isFilling(other), MINUTE);
    const { mark } = other.kernel.replica;
    const another = '/dev/disk/by-id/another';
    expect(san.replace(other, { disk: another })).toMatchObject({ ok: true });
    san.ends();
    expect(other.kernel.replica.mark).not.toBe(mark);
    expect(other.store.config.pools['main']?.disks[other.name]).toBe(another);
    const states = Object.values(other.store.config.operations)
      .filter(({ kind }) => kind === 'node.replace')
      .map(({ state, failure }) => failure?.code ?? state);
    expect(states).toEqual(['replacement_superseded', 'succeeded']);
  });

  test('again and again while the disk is refused: what failed before is not held against the last one', () => {
    const san = Replacing.serving();
    const { other } = san;
    const refusals = () =>
      other.engine?.state.status.nodes[other.name]?.instances['drbd-main']?.failures?.count ?? 0;
    other.agents.broken.set('drbd', { of: 'start', trouble: 'fails' });
    for (const disk of ['/dev/disk/by-id/too-small', '/dev/disk/by-id/full']) {
      san.replace(other, { disk });
      san.eventually(
        'it is refused',
        () => san.replacement(other)?.phase === 'fill' && refusals() > 2,
        MINUTE,
      );
    }
    other.agents.broken.clear();
    san.replace(other);
    san.ends(2 * MINUTE);
    expect(other.store.config.pools['main']?.disks[other.name]).toBe(NEW_DISK);
  });

  test('is refused where data would be lost by it', () => {
    const san = Replacing.serving();
    const code = (answer: unknown) => (answer as { failure?: { code: string } }).failure?.code;
    const disk = san.alpha.store.config.pools['main']?.disks['alpha'] ?? '';
    expect(code(san.replace(san.alpha, { disk }))).toBe('disk_unchanged');
    expect(code(san.replace(san.alpha, { name: 'gamma' }))).toBe('node_not_found');
    expect(code(san.replace(san.alpha, { disk: undefined, disks: { other: NEW_DISK } }))).toBe(
      'pool_not_found',
    );
    san.world.board(san.beta).reachable = false;
    san.world.board(san.alpha).reachable = true;
    san.beta.cut();
    san.eventually('beta is lost', () => san.stateOf(san.beta, san.alpha) !== 'online', MINUTE);
    // Only alpha has the data now.
    expect(code(san.replace(san.alpha, {}, san.alpha))).toBe('replacement_needs_other');
    expect(san.alpha.store.config.replacement).toBeUndefined();
  });

  test('for one node at a time', () => {
    const san = Replacing.serving();
    const { server, other } = san;
    if (server === undefined) throw new Error('nobody serves');
    san.replace(other);
    expect(san.replace(server)).toMatchObject({ failure: { code: 'replacement_running' } });
    san.ends();
  });
});
