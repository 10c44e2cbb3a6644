import { describe, expect, test } from 'vitest';
import type { Work } from '../../simulation/agent-host.ts';
import type { Machine } from '../../simulation/machine.ts';
import { textOf } from '../../simulation/words.ts';
import { MINUTE, San } from './san.ts';

/** What is done to a serving cluster, which machine's engine dies in the middle of it, and when it is over. */
interface Story {
  readonly name: string;
  readonly on: 'alpha' | 'beta';
  readonly begin: (san: San) => void;
  readonly isDone: (san: San) => boolean;
}

const setStandby = (san: San, standby: boolean): void =>
  san.beta.request('node.set', { name: 'alpha', standby, force: true }, () => undefined);

const stories: readonly Story[] = [
  {
    name: 'a takeover: promote, and every start',
    on: 'beta',
    begin: (san) => san.alpha.cut(),
    isDone: (san) => san.server === san.beta && san.isWell(),
  },
  {
    name: 'the way out of a node that goes into standby: every stop, and demote',
    on: 'alpha',
    begin: (san) => setStandby(san, true),
    isDone: (san) => san.server === san.beta,
  },
  {
    name: 'the way in on the other node, while the DC is the one that goes into standby',
    on: 'beta',
    begin: (san) => setStandby(san, true),
    isDone: (san) => san.server === san.beta,
  },
  {
    name: 'a new LUN: its volume, and its start',
    on: 'alpha',
    begin: (san) => san.world.operator.create(san.beta, 'more', 4),
    isDone: (san) => san.alpha.kernel.serves('more') && san.isWell(),
  },
];

interface Done {
  readonly what: string;
  ended: boolean;
}

const nameOf = ({ agent, operation, parameters }: Work): string =>
  `${agent} ${operation} ${textOf(parameters['lun'])}${textOf(parameters['address'])}`;

/** Keeps a list of what is begun on the machine and changes something there, and whether it has been answered. */
function watchHands(machine: Machine, begun: (count: number) => void): readonly Done[] {
  const done: Done[] = [];
  const { agents } = machine;
  const perform = agents.perform.bind(agents);
  agents.perform = (work, answered) => {
    if (work.operation === 'monitor') return perform(work, answered);
    const entry: Done = { what: nameOf(work), ended: false };
    done.push(entry);
    perform(work, (result) => {
      entry.ended = true;
      answered(result);
    });
    begun(done.length);
  };
  return done;
}

function play(story: Story, dieAt: number | undefined, after: number): readonly Done[] {
  const san = San.serving();
  const machine = san[story.on];
  let isDead = false;
  const done = watchHands(machine, (count) => {
    if (count !== dieAt || isDead) return;
    isDead = true;
    san.world.time.after(after, () => machine.killEngine());
  });
  const { life } = machine;
  story.begin(san);
  san.eventually(`${story.name} is done`, () => story.isDone(san), 5 * MINUTE);
  san.for(MINUTE);
  expect(story.isDone(san)).toBe(true);
  expect(machine.life, 'the machine whose engine died was fenced').toBe(life);
  san.hostGetsOn();
  return done;
}

describe.each(stories)('the engine dies during $name', (story) => {
  const undisturbed = play(story, undefined, 0);

  test('there is something to disturb', () => {
    expect(undisturbed.length).toBeGreaterThan(0);
  });

  test.each([
    ['at once', 0],
    ['in the middle of it', 60],
    ['when it has ended', 450],
  ])('%s, at every operation: the next one looks, and goes on where it ended', (_, after) => {
    for (let dieAt = 1; dieAt <= undisturbed.length; dieAt += 1) {
      const done = play(story, dieAt, after);
      const counts = new Map<string, Done[]>();
      for (const each of done) counts.set(each.what, [...(counts.get(each.what) ?? []), each]);
      for (const [what, times] of counts) {
        const before = undisturbed.filter((each) => each.what === what).length;
        // Cut off in the middle, it may be done once more; what was answered is not.
        const cutOff = times.filter(({ ended }) => !ended).length;
        expect(times.length - cutOff, `${what}, killed at ${dieAt}`).toBeLessThanOrEqual(Math.max(1, before));
        expect(times.length, `${what}, killed at ${dieAt}`).toBeLessThanOrEqual(Math.max(1, before) + 1);
      }
    }
  });
});

describe('the engine that fences dies', () => {
  /** Milliseconds after the loss of power: before the loss is seen, at each call of the board, after the proof. */
  const moments = [500, 2000, 2200, 2400, 2600, 3000, 3500, 4000, 5000, 6000, 8000, 10_000, 12_000];

  test.each(moments)(
    '%i ms after the other node was lost: data is served, and nothing is ever on both',
    (moment) => {
      const san = San.serving();
      const { life } = san.alpha;
      san.alpha.cut();
      san.world.time.after(moment, () => san.beta.killEngine());
      san.eventually('beta serves', () => san.server === san.beta, 2 * MINUTE);
      san.hostGetsOn();
      san.eventually('all is well', () => san.isWell(), 4 * MINUTE);
      // Once at the most: who is off, or on its way back from that, the next engine knows from the last one.
      expect(san.alpha.life - life).toBe(1);
      expect(san.fencings).toBeLessThanOrEqual(1);
      san.world.host.checkAll();
    },
  );

  test.each(moments)(
    '%i ms after the link was cut: one node goes on, and the other one is fenced',
    (moment) => {
      const san = San.serving();
      san.world.corosync.setLink(false);
      san.world.time.after(moment, () => san.alpha.killEngine());
      san.world.time.after(30_000, () => san.world.corosync.setLink(true));
      san.eventually('somebody is fenced', () => san.fencings > 0, 2 * MINUTE);
      san.for(MINUTE);
      san.hostGetsOn(2 * MINUTE);
      san.eventually('all is well', () => san.isWell(), 6 * MINUTE);
      expect(san.fencings).toBeLessThanOrEqual(2);
      san.world.host.checkAll();
    },
  );
});
