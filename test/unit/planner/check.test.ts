import { describe, expect, test } from 'vitest';
import type { Transition } from '../../../src/model/index.ts';
import { checkTransition, plan } from '../../../src/engine/planner/index.ts';
import { cluster, config, input, node, serving, standby } from '../../scenario/planner/world.ts';

const cfg = config({ one: 'ready' });
const lost = input(
  cfg,
  cluster({ 'san-a': node('lost', serving(cfg)), 'san-b': node('online', standby(cfg)) }),
);
const good = plan(lost);
const check =
  (transition: Transition, of = lost) =>
  () =>
    checkTransition(transition, of);
const PROMOTE = 'promote drbd-data on san-b';

describe('checkTransition refuses', () => {
  test('nothing of a good transition', () => expect(check(good)).not.toThrow());

  test('a promotion that does not wait for fencing', () =>
    expect(check({ ...good, after: { ...good.after, [PROMOTE]: [] } })).toThrow('S2'));

  test('a transition without the fencing', () =>
    expect(
      check({
        ...good,
        actions: good.actions.filter(({ kind }) => kind !== 'fence'),
        after: Object.fromEntries(
          Object.entries(good.after).map(([id, before]) => [
            id,
            before.filter((each) => !each.startsWith('fence')),
          ]),
        ),
      }),
    ).toThrow('every edge ends at an action'));

  test('a circle', () =>
    expect(check({ ...good, after: { ...good.after, 'fence san-a': [PROMOTE] } })).toThrow('circle'));

  test('an edge from nowhere', () =>
    expect(check({ ...good, after: { ...good.after, [PROMOTE]: ['fence san-a', 'fence san-c'] } })).toThrow(
      'begins at an action',
    ));

  test('the same without quorum', () =>
    expect(check(good, { ...lost, status: { ...lost.status, quorate: false } })).toThrow('S3'));

  test('a start while the engine that may run it is gone', () => {
    const gone = cluster({
      'san-a': node('engine-gone', serving(cfg)),
      'san-b': node('online', standby(cfg)),
    });
    const fenceless = good.actions.filter(({ kind }) => kind !== 'fence');
    const after = Object.fromEntries(
      fenceless.map(({ id }) => [id, (good.after[id] ?? []).filter((each) => each !== 'fence san-a')]),
    );
    expect(check({ ...good, actions: fenceless, after }, { ...lost, status: gone })).toThrow('S1, S5');
  });
});
