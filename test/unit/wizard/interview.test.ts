import { describe, expect, test } from 'vitest';
import { bytes, decodeJoinCode, type FailureCode } from '../../../src/model/index.ts';
import { Answers } from '../../../src/wizard/answers.ts';
import { describePlan } from '../../../src/wizard/describe-plan.ts';
import {
  answered,
  nextTurn,
  takeProposals,
  withoutDoubted,
  type Turn,
} from '../../../src/wizard/interview/interview.ts';
import type { Known, Question } from '../../../src/wizard/interview/question.ts';
import { planOf, type Plan } from '../../../src/wizard/plan.ts';
import { stepsOf } from '../../../src/wizard/run/run.ts';
import { known, machine, replies } from './machines.ts';

const GIBIBYTE = 2 ** 30;

function questionIn(turn: Turn): Question {
  if (turn.kind !== 'question') throw new Error(`no question, but ${JSON.stringify(turn)}`);
  return turn.question;
}

/** Says what `said` holds, otherwise what is proposed, and gives the questions with what was said. */
function talk(begun: Known, said: Readonly<Record<string, string>>) {
  let now = begun;
  const asked: [string, string][] = [];
  for (;;) {
    const turn = nextTurn(now);
    if (turn.kind === 'obstacle') throw new Error(turn.why);
    if (turn.kind === 'done') return { asked, answers: turn.answers, known: now };
    const { id, proposal, check } = turn.question;
    const reply = said[id] ?? proposal;
    if (reply === undefined || check(reply) !== undefined)
      throw new Error(`${id}: ${String(reply)} does not fit`);
    asked.push([id, reply]);
    now = { ...now, replies: { ...now.replies, [id]: reply } };
  }
}

function planned(begun: Known, said: Readonly<Record<string, string>>): Plan {
  const { answers, known: now } = talk(begun, said);
  const plan = planOf(now, answers, 'the-code');
  if (!plan.ok) throw new Error(plan.failure.message);
  return plan.value;
}

const askedAgain = (id: string, begun: Known): Question => {
  const others = Object.entries(replies).filter(([name]) => name !== id);
  return questionIn(nextTurn({ ...begun, replies: Object.fromEntries(others) }));
};

describe('a person who has never built a cluster', () => {
  test('is asked eleven questions after the join code, and only three of them nobody can guess', () => {
    const { asked, known: now } = talk(known(), replies);
    const unguessed = answered(now).filter(({ proposal }) => proposal === undefined);
    expect(unguessed.map(({ id }) => id)).toEqual(['board-san-a', 'board-san-b', 'board-password-san-a']);
    expect(asked.map(([id]) => id)).toEqual([
      ...['name', 'networks', 'portals', 'fence-kind', 'board-san-a', 'board-san-b'],
      ...['board-password-san-a', 'board-password-san-b', 'witness', 'host', 'lun'],
    ]);
    const bare = takeProposals(known());
    expect(bare.missing.map(({ id }) => id)).toEqual(['board-san-a']);
  });

  test('is told in a sentence what each question is for', () => {
    const { known: now } = talk(known(), replies);
    for (const { why, text } of answered(now)) {
      expect(why).toMatch(/^[A-Z].+\.$/s);
      expect(text).not.toBe('');
    }
    expect(answered(now)).toHaveLength(11);
  });

  test('gets the networks by the names of their cards, addresses for the hosts, and half of the pool', () => {
    const { answers } = talk(known(), { ...replies, portals: '10.77.3.100/24, 10.77.4.100/24' });
    expect(answers.networks).toEqual({
      management: '10.77.0.0/24',
      cluster: '10.77.1.0/24',
      replication: '10.77.2.0/24',
      storage: ['10.77.3.0/24', '10.77.4.0/24'],
    });
    expect(askedAgain('portals', known()).proposal).toBe('10.77.3.100/24, 10.77.4.100/24');
    expect(askedAgain('lun', known()).proposal).toBe('100G');
    expect(answers.disks).toEqual({
      'san-a': '/dev/disk/by-id/data-san-a',
      'san-b': '/dev/disk/by-id/data-san-b',
    });
  });

  test('sees a plan with everything in it, and no secret', () => {
    const plan = planned(known(), replies);
    const text = describePlan(plan, [machine('san-a', 11), machine('san-b', 12)], stepsOf(plan));
    for (const part of [
      'san, a SAN of san-a and san-b',
      'management   10.77.0.11 on mgmt0',
      'replication  10.77.2.12 on repl0',
      'its management board at 10.77.0.202, as admin',
      'san-b  /dev/disk/by-id/data-san-b (/dev/sdb, 500 GiB)',
      'iqn.2026-11.internal.san:keelson',
      'client (iqn.2026-11.com.example:client)',
      'lun1, 10 GiB',
      '8. Ask every portal',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('board-password');
    expect(text).not.toContain('the-code');
  });

  test('has boards with users and passwords of their own, or says them once', () => {
    const boards = (said: Readonly<Record<string, string>>) =>
      planned(known(), { ...replies, ...said }).file.nodes.map(({ fence }) => fence);
    expect(boards({})).toEqual([
      { kind: 'ipmi', address: '10.77.0.201', username: 'admin', password: 'board-password' },
      { kind: 'ipmi', address: '10.77.0.202', username: 'admin', password: 'board-password' },
    ]);
    expect(boards({ 'board-san-b': 'root@10.77.0.202', 'board-password-san-b': 'another' })[1]).toEqual({
      kind: 'ipmi',
      address: '10.77.0.202',
      username: 'root',
      password: 'another',
    });
  });

  test('is asked again only for what a failure throws doubt on', () => {
    const { known: now } = talk(known(), replies);
    const askedAnew = (code: FailureCode) => talk(withoutDoubted(now, code), replies).asked.map(([id]) => id);
    expect(askedAnew('fence_refused')).toEqual(['board-password-san-a', 'board-password-san-b']);
    expect(askedAnew('fence_unreachable')).toEqual(['board-san-a', 'board-san-b']);
    expect(askedAnew('setup_forbidden')).toEqual([]);
  });

  test('goes back question by question, and finds what was said before the one that changes', () => {
    const { known: now } = talk(known(), replies);
    expect(answered(now).at(-1)?.id).toBe('lun');
    const changed = { ...now, replies: { ...now.replies, 'fence-kind': 'libvirt' } };
    expect(questionIn(nextTurn(changed)).id).toBe('libvirt-uri');
    const back = { ...changed, replies: { ...changed.replies, 'fence-kind': 'ipmi' } };
    expect(nextTurn(back).kind).toBe('done');
  });
});

describe('what does not fit is asked for again, with the reason', () => {
  test.each([
    ['name', 'My SAN', 'must be 1 to 32 characters'],
    ['portals', '10.77.3.100', 'prefix length'],
    ['portals', '10.77.3.11/24', 'is an address of a node'],
    ['portals', '10.77.1.100/24', 'in none of the networks to the hosts'],
    ['portals', '2001:db8:5::10/64', 'in no network of san-a'],
    ['board-san-a', 'bmc-a.example', 'must be an IPv4 address'],
    ['board-san-b', '10.77.0.201', 'that of the other node'],
    ['board-san-b', 'root@10.77.0.201', 'that of the other node'],
    ['board-password-san-a', '', 'must be 1 to 20 printable characters'],
    ['host', 'client', 'must have the form iqn.'],
    ['lun', '10XB', 'unknown unit'],
    ['lun', '600G', 'the pool has only 500 GiB'],
    ['witness', 'arbiter', 'must be an IPv4 address'],
  ])('%s: %s', (id, reply, reason) => {
    const question = askedAgain(id, known());
    expect(question.id).toBe(id);
    expect(question.check(reply)).toContain(reason);
    expect(questionIn(nextTurn(known({ replies: { ...replies, [id]: reply } }))).id).toBe(id);
  });
});

describe('machines with IPv6', () => {
  const withIpv6 = (other: string) => ({
    machine: machine('san-a', 11, { ipv6: [{ card: 'stora0', address: '2001:db8:5::11', prefix: 64 }] }),
    other: machine('san-b', 12, { ipv6: [{ card: 'stora0', address: other, prefix: 64 }] }),
  });

  test('may have portals of both kinds; IPv4 is proposed, and what is typed in any form is kept in one', () => {
    const both = known(withIpv6('2001:db8:5::12'));
    expect(askedAgain('portals', both).proposal).toBe('10.77.3.100/24, 10.77.4.100/24');
    const plan = planned(both, { ...replies, portals: '10.77.3.100/24, 2001:DB8:5::0010/64' });
    expect(plan.file.target.portals).toEqual(['10.77.3.100/24', '2001:db8:5::10/64']);
  });

  test.each([
    ['2001:db8:5::0011/64', '2001:db8:5::12', 'is an address of a node'],
    ['2001:db8:5::10/64', '2001:db8:6::12', 'in no network of san-b'],
    ['2001:db8:5::10/80', '2001:db8:5::12', 'in no network of san-a'],
    ['fe80::10/64', '2001:db8:5::12', 'global or unique local'],
  ])('%s does not fit where the other node has %s: it %s', (reply, other, reason) => {
    expect(askedAgain('portals', known(withIpv6(other))).check(reply)).toContain(reason);
  });
});

describe('machines that are not as the manual says', () => {
  const withCards = (last: number, names: readonly [string, number][]) =>
    names.map(([card, speed], network) => ({
      card,
      address: `192.168.${network}.${last}`,
      prefix: 24,
      speed,
    }));
  const pair = (names: readonly [string, number][]) =>
    known({
      machine: machine('san-a', 11, { addresses: withCards(11, names) }),
      other: machine('san-b', 12, { addresses: withCards(12, names) }),
      otherAddress: '192.168.0.12',
    });
  const networksOf = (begun: Known) =>
    talk(begun, { ...replies, portals: portalsOf(begun) }).answers.networks;
  const portalsOf = (begun: Known): string =>
    questionIn(nextTurn({ ...begun, replies: { name: 'san', networks: 'yes' } })).proposal ?? '';

  test('one network only: it is for everything, and nobody is asked which', () => {
    const begun = pair([['eth0', 1000]]);
    const { asked } = talk(begun, { ...replies, portals: portalsOf(begun) });
    expect(asked.map(([id]) => id)).not.toContain('networks');
    expect(networksOf(begun)).toMatchObject({ replication: '192.168.0.0/24', storage: ['192.168.0.0/24'] });
  });

  test('cards whose names say nothing: the fastest mirrors, and the mirror gets a second link for Corosync', () => {
    const begun = pair([
      ['eno1', 1000],
      ['ens1f0', 10_000],
      ['ens1f1', 25_000],
    ]);
    expect(networksOf(begun)).toEqual({
      management: '192.168.0.0/24',
      cluster: '192.168.0.0/24',
      replication: '192.168.2.0/24',
      storage: ['192.168.1.0/24'],
    });
  });

  test('a network that is proposed wrongly is asked about, one by one', () => {
    const { asked, answers } = talk(known(), {
      ...replies,
      networks: 'other',
      'network-storage': '10.77.4.0/24',
      portals: '10.77.4.50/24',
    });
    expect(asked.map(([id]) => id)).toContain('network-replication');
    expect(answers.networks?.storage).toEqual(['10.77.4.0/24']);
    expect(answers.portals).toEqual(['10.77.4.50/24']);
  });

  test('nothing in common: it says what to mend, and asks nothing more', () => {
    const begun = known({ other: machine('san-b', 12, { addresses: [] }), replies: { name: 'san' } });
    expect(nextTurn(begun)).toMatchObject({
      kind: 'obstacle',
      why: expect.stringContaining('no network in common') as string,
    });
  });

  test('several blank disks: which is asked, the largest first; none: every disk is named with its reason', () => {
    const two = machine('san-b', 12, {
      disks: [
        { path: '/dev/disk/by-id/small', device: '/dev/sdb', size: bytes(GIBIBYTE) },
        { path: '/dev/disk/by-id/large', device: '/dev/sdc', size: bytes(2 * GIBIBYTE) },
      ],
    });
    const question = questionIn(nextTurn(known({ other: two, replies: { name: 'san', networks: 'yes' } })));
    expect([question.id, question.proposal]).toEqual(['disk-san-b', '/dev/disk/by-id/large']);
    expect(question.check('/dev/disk/by-id/system')).toContain('must be one of');
    const none = machine('san-b', 12, {
      disks: [
        { path: '/dev/disk/by-id/x', device: '/dev/sda', size: bytes(GIBIBYTE), taken: 'it carries ext4' },
        { device: '/dev/sdb', size: bytes(GIBIBYTE) },
      ],
    });
    expect(nextTurn(known({ other: none, replies: { name: 'san', networks: 'yes' } }))).toEqual({
      kind: 'obstacle',
      why: 'san-b has no disk that carries nothing: /dev/sda: it carries ext4; /dev/sdb: it has no name below /dev/disk/by-id (give it a serial number)',
    });
  });

  test('two virtual machines: their hypervisor is proposed; nothing at all is only for tests, and says so', () => {
    const begun = known({
      machine: machine('san-a', 11, { virtual: 'kvm' }),
      other: machine('san-b', 12, { virtual: 'kvm' }),
    });
    expect(askedAgain('fence-kind', begun).proposal).toBe('libvirt');
    const plan = planned(begun, { ...replies, 'fence-kind': 'none' });
    expect(plan.file.testOnly).toBe(true);
    expect(describePlan(plan, [], [])).toContain('ONLY TO TRY IT');
  });
});

describe('an answers file', () => {
  const fencing = {
    'san-a': { kind: 'ipmi', address: '10.77.0.201', username: 'admin', password: 'x' },
    'san-b': { kind: 'ipmi', address: '10.77.0.202', username: 'admin', password: 'x' },
  };

  test('that names the power devices is enough: what is proposed is taken for the rest', () => {
    const given = Answers.parse({ fencing });
    const { known: now, missing } = takeProposals(known({ given }));
    expect(missing).toEqual([]);
    const turn = nextTurn(now);
    expect(turn.kind).toBe('done');
    if (turn.kind !== 'done') return;
    const plan = planOf(now, turn.answers, 'code');
    expect(plan).toMatchObject({ ok: true, value: { file: { name: 'san', hosts: [] } } });
  });

  test('asks only for what it leaves open', () => {
    const given = Answers.parse({
      name: 'archive',
      fencing,
      witness: 'none',
      host: { name: 'web', initiators: ['iqn.2026-11.com.example:web'] },
      lun: 'none',
      portals: ['10.77.3.7/24'],
      properties: { patience: 4 },
    });
    const { asked, known: now, answers } = talk(known({ given }), {});
    expect(asked).toEqual([['networks', 'yes']]);
    const plan = planOf(now, answers, 'code');
    expect(plan).toMatchObject({
      value: {
        file: { name: 'archive', properties: { patience: 4 }, target: { portals: ['10.77.3.7/24'] } },
      },
    });
    expect(plan.ok && plan.value.lun).toBeUndefined();
  });

  test.each([
    [{ fencing: { 'san-a': fencing['san-a'] } }, 'not what fences san-b'],
    [
      {
        fencing,
        networks: {
          management: '10.77.0.0/24',
          cluster: '10.9.9.0/24',
          replication: '10.77.2.0/24',
          storage: ['10.77.3.0/24'],
        },
      },
      '10.9.9.0/24 of the answers is no subnet of both nodes',
    ],
  ])('that does not fit the machines is refused: %#', (file, why) => {
    const { known: now } = takeProposals(known({ given: Answers.parse(file) }));
    expect(nextTurn(now)).toMatchObject({ kind: 'obstacle', why: expect.stringContaining(why) as string });
  });

  test.each([
    { name: 'Not A Name' },
    { networks: { management: '10.77.0.1/24', cluster: 'x', replication: 'x', storage: [] } },
    { lun: { name: 'lun1', size: '-1' } },
    { unknown: true },
  ])('that is wrong in itself is refused: %#', (file) => {
    expect(Answers.safeParse(file).success).toBe(false);
  });

  test('whose answers contradict each other makes no plan', () => {
    const same = { 'san-a': fencing['san-a'], 'san-b': fencing['san-a'] };
    const { known: now, answers } = talk(known({ given: Answers.parse({ fencing: same }) }), {});
    expect(planOf(now, answers, 'code')).toMatchObject({
      failure: { code: 'answers_invalid', message: expect.stringContaining('there twice') as string },
    });
  });
});

test('the example in the documentation is a whole set of answers', async () => {
  const { parse } = await import('yaml');
  const { readFileSync } = await import('node:fs');
  const given = Answers.parse(parse(readFileSync('docs/answers.example.yaml', 'utf8')));
  expect(decodeJoinCode(given.joinCode ?? '')).toMatchObject({ value: { address: '10.0.0.12' } });
  const cards = ['eth0', 'eth1', 'eth2', 'eth3', 'eth4'];
  const addresses = (last: number) =>
    cards.map((card, network) => ({ card, address: `10.0.${network}.${last}`, prefix: 24 }));
  const begun = known({
    machine: machine('san-a', 11, { addresses: addresses(11) }),
    other: machine('san-b', 12, { addresses: addresses(12) }),
    given,
  });
  const turn = nextTurn(begun);
  expect(turn.kind === 'done' && planOf(begun, turn.answers, 'code').ok).toBe(true);
});
