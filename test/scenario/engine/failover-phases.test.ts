import { describe, expect, test } from 'vitest';
import { keelsonSigns } from '../../../appliance/bench/failover/keelson/signs.ts';
import {
  milestonesOf,
  phasesOf,
  type Deed,
  type Milestones,
} from '../../../appliance/bench/failover/phases.ts';
import { MINUTE, San, SECOND } from './san.ts';
import { Wishes } from './wishes.ts';

/** What the taker's engine says, as keelsond writes it to its journal. */
const journal = (san: San, since: number) =>
  san.world.story.lines
    .filter(({ who, at }) => who === 'beta' && at >= since)
    .map(({ at, text }) => ({ at, text: `keelsond[1]: ${text.replace(/^-> EVENT /, 'event: ')}` }));

const inOrder = (milestones: Milestones, deed: Deed): void => {
  const ofHost = ['loggedIn', 'written'];
  const expected = phasesOf(deed).filter((phase) => !ofHost.includes(phase));
  expect(Object.keys(milestones).toSorted()).toEqual(expected.toSorted());
  const moments = expected.map((phase) => milestones[phase] ?? Number.NaN);
  expect(moments).toEqual(moments.toSorted((a, b) => a - b));
};

describe('what the engine says is what bench:failover reads its phases from', () => {
  const { taker } = keelsonSigns('beta', 'alpha');

  test('a power cut', () => {
    const san = San.serving();
    const since = san.world.story.lines.at(-1)?.at ?? 0;
    san.alpha.cut();
    san.eventually('beta serves', () => san.server === san.beta, 30 * SECOND);
    san.for(5 * SECOND);
    inOrder(milestonesOf(journal(san, since), taker), 'power-cut');
  });

  test('a planned move', () => {
    const san = San.serving();
    const since = san.world.story.lines.at(-1)?.at ?? 0;
    new Wishes(san).ask('node.set', { name: 'alpha', standby: true });
    san.eventually('beta serves', () => san.server === san.beta, MINUTE);
    san.for(5 * SECOND);
    inOrder(milestonesOf(journal(san, since), taker), 'planned-move');
  });
});
