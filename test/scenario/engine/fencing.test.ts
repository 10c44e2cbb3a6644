import { describe, expect, test } from 'vitest';
import type { Board } from '../../simulation/board.ts';
import { written } from '../../simulation/story.ts';
import { MINUTE, San, SECOND } from './san.ts';
import { Wishes } from './wishes.ts';

/** The board's answer to the next order, to switch off as a rule, waits in here; all others come as usual. */
function holdBack(board: Board, which: 'off' | 'status' = 'off'): { readonly answered: (() => void)[] } {
  const answered: (() => void)[] = [];
  const perform = board.perform.bind(board);
  let isFirst = true;
  board.perform = (verb, timeout, answer) => {
    const held = verb === which && isFirst;
    if (held) isFirst = false;
    perform(verb, timeout, held ? (result) => answered.push(() => answer(result)) : answer);
  };
  return { answered };
}

describe('the fence device cannot be reached', () => {
  test('nothing is promoted, the status says why, and it goes on by itself when the device answers', () => {
    const san = San.serving();
    san.world.board(san.alpha).reachable = false;
    san.alpha.cut();
    san.for(90 * SECOND);

    expect(san.beta.kernel.isActive).toBe(false);
    const status = san.status(san.beta);
    expect(status.serving).toBe(false);
    const problem = status.problems.find(({ code }) => code === 'fence_unreachable');
    expect(problem?.message).toContain('alpha');
    expect(problem?.next).toContain('keelson fence confirm alpha');
    expect(status.blocked.some(({ reason }) => reason.includes('alpha is confirmed off'))).toBe(true);

    san.world.board(san.alpha).reachable = true;
    san.eventually('beta serves', () => san.server === san.beta, 40 * SECOND);
    san.hostGetsOn();
    san.eventually('all is well', () => san.isWell(), 3 * MINUTE);
    san.world.host.checkAll();
  });

  test('somebody looks at the machine and says that it is off: the other one serves at once', () => {
    const san = San.serving();
    const wishes = new Wishes(san);
    const confirm = (name: string, acknowledgement: string): unknown =>
      wishes.ask('node.confirm-off', { name, acknowledgement }, san.beta);
    expect(confirm('alpha', 'alpha is off'), 'of a node that is there').toMatchObject({
      ok: false,
      failure: { code: 'node_not_lost' },
    });
    san.world.board(san.alpha).reachable = false;
    san.alpha.staysDark = true;
    san.alpha.cut();
    san.for(30 * SECOND);
    expect(confirm('alpha', 'yes')).toMatchObject({
      ok: false,
      failure: { code: 'acknowledgement_missing', message: 'the words are: alpha is off' },
    });
    san.for(5 * SECOND);
    expect(san.beta.kernel.isActive).toBe(false);

    expect(confirm('alpha', 'alpha is off')).toMatchObject({ ok: true });
    san.eventually('beta serves', () => san.server === san.beta, 10 * SECOND);
    san.hostGetsOn();
    expect(confirm('alpha', 'alpha is off'), 'once more').toMatchObject({ ok: true });

    san.world.board(san.alpha).reachable = true;
    san.alpha.staysDark = false;
    san.alpha.restore();
    san.eventually('all is well', () => san.isWell(), 3 * MINUTE);
    expect(san.server).toBe(san.beta);
    san.world.host.checkAll();
  });

  test('a node that comes back before it could be fenced is left alone', () => {
    const san = San.serving();
    san.world.board(san.alpha).reachable = false;
    san.world.board(san.beta).reachable = false;
    san.world.corosync.setLink(false);
    san.for(20 * SECOND);
    expect(san.status(san.beta).nodes.find(({ name }) => name === 'alpha')?.state).toBe('lost');
    san.world.corosync.setLink(true);
    san.eventually('all is well', () => san.isWell(), MINUTE);

    san.world.board(san.alpha).reachable = true;
    san.world.board(san.beta).reachable = true;
    const { life } = san.alpha;
    san.for(2 * MINUTE);
    expect(san.alpha.life).toBe(life);
    expect(san.isWell()).toBe(true);
  });

  test('a node that was reset by hand meanwhile is taken in again, and the host gets on', () => {
    const san = San.serving();
    san.world.board(san.beta).reachable = false;
    san.beta.killEngine(10 * MINUTE);
    san.for(30 * SECOND);
    expect(san.fencingOf(san.beta, san.alpha)).toBeDefined();
    // Its board still does not answer, so that nobody is told that its power was off.
    san.beta.cut();
    san.beta.restore();
    san.eventually('the mirror is whole again', () => san.beta.kernel.replica.isConnected, MINUTE);
    san.hostGetsOn();
    expect(san.server).toBe(san.alpha);

    const { life } = san.beta;
    san.for(10 * SECOND);
    san.world.board(san.beta).reachable = true;
    san.for(2 * MINUTE);
    expect(san.beta.life).toBe(life);
    expect(san.isWell()).toBe(true);
  });
});

describe('a node whose feeds can be switched too', () => {
  test('its board is out of order: both feeds are off before anything of it is started elsewhere, and on again', () => {
    const san = San.serving(1, { hasFeeds: true });
    san.world.board(san.alpha).reachable = false;
    const { feeds, life } = san.alpha;
    san.alpha.hang();
    san.eventually('beta serves', () => san.server === san.beta, MINUTE);
    san.hostGetsOn();
    const turns = san.world.story.lines
      .map(written)
      .flatMap((line) => /switched.*|beta Primary/.exec(line) ?? []);
    expect(turns).toEqual(['switched off', 'switched off', 'switched on', 'switched on', 'beta Primary']);
    expect(feeds.map(({ isPowered }) => isPowered)).toEqual([true, true]);
    expect(san.alpha.life).toBe(life + 1);
    san.world.board(san.alpha).reachable = true;
    san.eventually('all is well', () => san.isWell(), 3 * MINUTE);
    san.world.host.checkAll();
  });

  test('a unit that does not switch one of them: nothing is started, and the status names the unit', () => {
    const san = San.serving(1, { hasFeeds: true });
    const [board, , right] = san.world.devices(san.alpha);
    if (board === undefined || right === undefined) throw new Error('alpha has a board and two feeds');
    board.reachable = false;
    right.failing = true;
    san.alpha.hang();
    san.for(MINUTE);
    expect(san.beta.kernel.isActive).toBe(false);
    const problem = san.status(san.beta).problems.find(({ message }) => message.includes('cannot be'));
    expect(problem?.message).toMatch(/ipmi-alpha.*pdu-alpha-2/);
    right.failing = false;
    san.eventually('beta serves', () => san.server === san.beta, MINUTE);
    san.hostGetsOn();
  });
});

describe('a board that is dark when its node has no power', () => {
  test('the status says so beforehand; its silence is no proof, and a person has to look', () => {
    const san = San.serving(1, { sharesPower: true });
    const beforehand = san.status(san.beta);
    expect(beforehand.survivesFailure).toBe(false);
    expect(beforehand.problems.find(({ code }) => code === 'fencing_shares_power')?.message).toContain(
      'Only a person could confirm that alpha has lost its power: ipmi-alpha would be dark with it',
    );

    san.world.board(san.alpha).isFed = () => false;
    san.alpha.staysDark = true;
    san.alpha.cut();
    san.for(2 * MINUTE);
    expect(san.beta.kernel.isActive).toBe(false);
    const problem = san.status(san.beta).problems.find(({ code }) => code === 'fence_unreachable');
    expect(problem?.message).toContain('it shares the power of alpha, and that it is dark proves nothing');
    expect(problem?.next).toContain('keelson fence confirm alpha');

    const words = { name: 'alpha', acknowledgement: 'alpha is off' };
    expect(new Wishes(san).ask('node.confirm-off', words, san.beta)).toMatchObject({ ok: true });
    san.eventually('beta serves', () => san.server === san.beta, 10 * SECOND);
    san.hostGetsOn();

    san.world.board(san.alpha).isFed = () => true;
    san.alpha.staysDark = false;
    san.alpha.restore();
    san.eventually('all is well', () => san.isWell(), 3 * MINUTE);
    san.world.host.checkAll();
  });

  test('with outlets behind it the loss of its power is survived, and nothing is said', () => {
    const san = San.serving(1, { sharesPower: true, hasFeeds: true });
    const status = san.status(san.beta);
    expect(status.problems.map(({ code }) => code)).not.toContain('fencing_shares_power');
    expect(status.survivesFailure).toBe(true);
  });
});

describe('a node that was fenced is to stay off', () => {
  test('it is taken over as quickly, stays dark, and comes back when a person has it switched on', () => {
    const san = San.serving(1, { staysOff: true });
    const wishes = new Wishes(san);
    const powerOn = (machine = san.beta): unknown => wishes.ask('node.power-on', { name: 'alpha' }, machine);
    expect(powerOn(), 'it is there').toMatchObject({ ok: false, failure: { code: 'node_not_off' } });

    san.world.board(san.alpha).reachable = false;
    san.alpha.hang();
    san.eventually('alpha is lost', () => san.stateOf(san.alpha, san.beta) === 'lost', MINUTE);
    san.for(10 * SECOND);
    expect(powerOn(), 'nobody knows that it is off').toMatchObject({
      ok: false,
      failure: { code: 'node_off_unconfirmed' },
    });
    san.world.board(san.alpha).reachable = true;
    san.eventually('beta serves', () => san.server === san.beta, MINUTE);
    san.hostGetsOn();
    san.for(3 * MINUTE);
    expect(san.alpha.isPowered).toBe(false);
    const off = san.status(san.beta).problems.find(({ code }) => code === 'node_offline');
    expect(off?.next).toContain('keelson node power-on alpha');

    expect(powerOn()).toMatchObject({
      ok: true,
      value: { operation: { kind: 'node.power-on', subject: 'alpha', state: 'running' } },
    });
    san.eventually('alpha has power', () => san.alpha.isPowered, 20 * SECOND);
    san.eventually('all is well', () => san.isWell(), 4 * MINUTE);
    const { operations } = san.beta.store.config;
    expect(Object.values(operations).find(({ kind }) => kind === 'node.power-on')?.state).toBe('succeeded');
    san.world.host.checkAll();
  });

  test('a test of its fencing has it come back all the same', () => {
    const san = San.serving(1, { staysOff: true });
    expect(new Wishes(san).ask('fence.test', { name: 'beta' })).toMatchObject({ ok: true });
    san.eventually('beta is dark', () => !san.beta.isPowered, 20 * SECOND);
    san.eventually('all is well', () => san.isWell(), 4 * MINUTE);
    expect(san.beta.isPowered).toBe(true);
  });
});

describe('a fence device says long afterwards what it did', () => {
  test('the node has booted, joined and been lost again by then: the late proof is none', () => {
    const san = San.serving();
    const board = san.world.board(san.beta);
    const { answered } = holdBack(board);
    const { life } = san.beta;
    san.world.corosync.setLink(false);
    san.eventually('the board has switched beta off', () => answered.length > 0, MINUTE);
    san.beta.restore();
    san.world.corosync.setLink(true);
    san.eventually(
      'beta is back',
      () => san.status(san.alpha).nodes.every(({ state }) => state === 'online'),
      MINUTE,
    );
    expect(san.beta.life).toBe(life + 1);

    san.world.corosync.setLink(false);
    san.eventually('beta is lost again', () => san.stateOf(san.beta, san.alpha) === 'lost', 15 * SECOND);
    for (const answer of answered.splice(0)) answer();
    san.for(100);
    expect(san.stateOf(san.beta, san.alpha)).toBe('lost');
    san.world.corosync.setLink(true);
    san.eventually('all is well', () => san.isWell(), 4 * MINUTE);
    san.world.host.checkAll();
  });

  test('its engine had come and gone before it was switched off: what the board says then is proof', () => {
    const san = San.serving();
    const board = san.world.board(san.beta);
    const looked = holdBack(board, 'status');
    const switched = holdBack(board, 'off');
    san.world.corosync.setLink(false);
    san.eventually('the board was asked', () => looked.answered.length > 0, MINUTE);
    san.world.corosync.setLink(true);
    let hasCome = false;
    san.world.afterEvent = () => {
      if (hasCome || san.alpha.engine?.state.view.members.length !== 2) return;
      hasCome = true;
      san.beta.killEngine(10 * MINUTE);
      san.world.corosync.setLink(false);
    };
    san.eventually('beta has come', () => hasCome, MINUTE);
    for (const answer of looked.answered.splice(0)) answer();
    san.eventually('the board has switched beta off', () => switched.answered.length > 0, MINUTE);
    san.eventually('beta is lost', () => san.stateOf(san.beta, san.alpha) === 'lost', MINUTE);
    for (const answer of switched.answered.splice(0)) answer();
    san.eventually('beta is off', () => san.stateOf(san.beta, san.alpha) === 'offline', 10 * SECOND);
    expect(san.fencings).toBe(1);
    san.hostGetsOn();
  });

  test('its engine has come and gone by then without a word: the late proof is none either', () => {
    const san = San.serving();
    const { answered } = holdBack(san.world.board(san.beta));
    san.world.corosync.setLink(false);
    san.eventually('the board has switched beta off', () => answered.length > 0, MINUTE);
    san.beta.restore();
    san.world.corosync.setLink(true);
    let hasCome = false;
    san.world.afterEvent = () => {
      if (hasCome || san.alpha.engine?.state.view.members.length !== 2) return;
      hasCome = true;
      san.beta.killEngine(10 * MINUTE);
      san.world.corosync.setLink(false);
    };
    san.eventually('beta has come', () => hasCome, MINUTE);
    for (const answer of answered.splice(0)) answer();
    san.eventually('beta is lost again', () => san.stateOf(san.beta, san.alpha) === 'lost', 15 * SECOND);
    expect(san.beta.isPowered).toBe(true);
    san.eventually('it is fenced anew', () => san.stateOf(san.beta, san.alpha) === 'offline', MINUTE);
    san.hostGetsOn();
  });
});

describe('the cluster network is cut', () => {
  test('the serving node wins the race, and goes on', () => {
    const san = San.serving();
    const { life } = san.alpha;
    const { life: before } = san.beta;
    san.world.corosync.setLink(false);
    san.eventually('beta is fenced', () => san.beta.life > before, 15 * SECOND);
    san.world.corosync.setLink(true);
    san.hostGetsOn();
    expect(san.server).toBe(san.alpha);
    expect(san.alpha.life).toBe(life);
    san.eventually('all is well', () => san.isWell(), 3 * MINUTE);
  });
});

/** To switch off; how the power is they say at once. */
function boardsTake(san: San, duration: number): void {
  for (const machine of [san.alpha, san.beta]) {
    const board = san.world.board(machine);
    const perform = board.perform.bind(board);
    board.perform = (verb, timeout, answered) =>
      verb === 'off'
        ? void san.world.time.after(duration, () => perform(verb, timeout, answered))
        : perform(verb, timeout, answered);
  }
}

describe('the network is cut before anybody serves', () => {
  test('one of the two is put out, and not both', () => {
    const san = new San();
    boardsTake(san, 3 * SECOND);
    san.switchOn();
    san.eventually('they hear each other', () => {
      const told = san.world.operator.status(san.beta);
      return told?.nodes.every(({ state }) => state === 'online') === true;
    });
    expect(san.world.machines.some(({ kernel }) => kernel.replica.isPrimary)).toBe(false);
    const lives = [san.alpha.life, san.beta.life];
    san.world.corosync.setLink(false);
    san.eventually('beta is fenced', () => !san.beta.isPowered || san.beta.life !== lives[1], MINUTE);
    san.world.corosync.setLink(true);
    san.eventually('all is well', () => san.isWell(), 5 * MINUTE);
    expect(san.alpha.life).toBe(lives[0]);
  });
});

describe('devices that take longer than the head start', () => {
  test('their test has shown it, so the race still has one winner', () => {
    const san = San.serving();
    boardsTake(san, 9 * SECOND);
    const wishes = new Wishes(san);
    expect(wishes.ask('fence.test', { name: 'beta' })).toMatchObject({ ok: true });
    san.eventually('beta is dark', () => !san.beta.isPowered, 20 * SECOND);
    san.eventually('all is well', () => san.isWell(), 3 * MINUTE);

    const [winner, loser] = [san.alpha.life, san.beta.life];
    san.world.corosync.setLink(false);
    san.eventually('beta is fenced', () => san.beta.life > loser, MINUTE);
    san.world.corosync.setLink(true);
    san.eventually('all is well', () => san.isWell(), 3 * MINUTE);
    expect(san.server).toBe(san.alpha);
    expect(san.alpha.life).toBe(winner);
    san.world.host.checkAll();
  });
});

describe('a node that is heard has to be put out', () => {
  test('nobody races with it: it waits for no turn', () => {
    const san = San.serving();
    san.alpha.agents.unstoppable = 'lio-target';
    const board = san.world.board(san.alpha);
    const { answered } = holdBack(board);
    expect(new Wishes(san).ask('node.set', { name: 'alpha', standby: true })).toMatchObject({ ok: true });
    san.eventually('it is switched off', () => answered.length > 0, 3 * SECOND);
    for (const answer of answered) answer();
    san.eventually('beta serves', () => san.server === san.beta, 10 * SECOND);
    san.hostGetsOn();
  });

  test('what it was for has passed before it was switched off: it is told until then, and not done', () => {
    const san = San.serving();
    const { life } = san.alpha;
    san.alpha.agents.unstoppable = 'lio-target';
    const { answered } = holdBack(san.world.board(san.alpha), 'status');
    const wishes = new Wishes(san);
    expect(wishes.ask('node.set', { name: 'alpha', standby: true })).toMatchObject({ ok: true });
    san.eventually('the board is asked', () => answered.length > 0, 3 * SECOND);
    san.alpha.agents.unstoppable = undefined;
    expect(wishes.ask('cleanup', {})).toMatchObject({ ok: true });
    expect(wishes.ask('node.set', { name: 'alpha', standby: false })).toMatchObject({ ok: true });
    san.for(SECOND);
    for (const machine of [san.alpha, san.beta])
      expect(san.status(machine).problems.map(({ code }) => code)).toContain('node_to_be_fenced');
    for (const answer of answered) answer();
    san.eventually('all is well', () => san.isWell(), MINUTE);
    san.for(MINUTE);
    expect(san.alpha.life).toBe(life);
    expect(san.status(san.beta).problems.map(({ code }) => code)).not.toContain('node_to_be_fenced');
    san.hostGetsOn();
  });
});

describe('the replication network is cut', () => {
  test('the copy is fenced, and the serving node goes on', () => {
    const san = San.serving();
    san.world.mirror.setLink(false);
    const { life } = san.beta;
    san.eventually('beta is fenced', () => san.beta.life > life, 30 * SECOND);
    san.eventually('the primary goes on', () => !san.alpha.kernel.isFrozen, 15 * SECOND);
    expect(san.solo(san.alpha)).toBe('alpha');
    san.hostGetsOn();

    san.world.mirror.setLink(true);
    san.eventually('all is well', () => san.isWell(), 3 * MINUTE);
    expect(san.solo(san.alpha)).toBeUndefined();
    expect(san.server).toBe(san.alpha);
    san.world.host.checkAll();
  });

  test('somebody promotes the copy by hand meanwhile: that is refused, and who serves is not put out for it', () => {
    const san = San.serving();
    san.world.board(san.beta).reachable = false;
    const { life } = san.alpha;
    san.world.mirror.setLink(false);
    san.eventually('the primary is frozen', () => san.alpha.kernel.isFrozen, 15 * SECOND);
    san.eventually('the copy has noticed', () => !san.beta.kernel.replica.isConnected, 15 * SECOND);

    let refusal: string | undefined;
    const { mirror, replica } = san.byHand(san.beta);
    mirror.promote(replica, (said) => (refusal = said));
    san.eventually('it is refused', () => refusal !== undefined, 10 * SECOND);
    expect(refusal).toBe('Need access to UpToDate data');
    san.for(30 * SECOND);
    expect(san.alpha.life).toBe(life);
    expect(san.beta.kernel.replica.isPrimary).toBe(false);

    san.world.board(san.beta).reachable = true;
    san.eventually('the primary goes on', () => !san.alpha.kernel.isFrozen, MINUTE);
    san.hostGetsOn();
    san.world.mirror.setLink(true);
    san.eventually('all is well', () => san.isWell(), 3 * MINUTE);
    expect(san.server).toBe(san.alpha);
    expect(san.alpha.life).toBe(life);
    san.world.host.checkAll();
  });

  test('a cut that mends before the device answers costs no node', () => {
    const san = San.serving();
    san.world.board(san.beta).reachable = false;
    san.world.mirror.setLink(false);
    san.eventually('the primary is frozen', () => san.alpha.kernel.isFrozen, 15 * SECOND);
    san.for(10 * SECOND);
    san.world.mirror.setLink(true);
    san.hostGetsOn();
    san.eventually('all is well', () => san.isWell(), MINUTE);
    san.world.board(san.beta).reachable = true;
    const { life } = san.beta;
    san.for(2 * MINUTE);
    expect(san.beta.life).toBe(life);
  });
});

test.each([{ role: 'Secondary' as const }, {}])(
  'a question of the kernel that comes when nothing is to be promoted any more puts nobody out: %o',
  (question) => {
    const san = San.serving();
    const { server, other } = san;
    if (server === undefined) throw new Error('nobody serves');
    const wishes = new Wishes(san);
    for (const { name } of [server, other]) wishes.ask('node.set', { name, standby: true, force: true });
    while (server.kernel.replica.isPrimary) san.for(1);
    // Its mirror is to be taken down too, a little later.
    other.agents.setStalled(true);
    const seen = () => server.engine?.state.status.nodes[server.name]?.instances['drbd-main']?.observation;
    while (!/stopped/.test(JSON.stringify(seen()))) san.for(1);
    server.request('fence-peer', { pool: 'main', ...question }, () => undefined);
    san.for(5 * SECOND);
    other.agents.setStalled(false);
    san.for(MINUTE);
    expect(san.fencings).toBe(0);
    expect(other.isPowered && server.isPowered).toBe(true);
  },
);
