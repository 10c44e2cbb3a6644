import { beforeEach, describe, expect, test } from 'vitest';
import { failed, failure } from '../../../src/model/index.ts';
import { nextTurn } from '../../../src/wizard/interview/interview.ts';
import { planOf, type Plan } from '../../../src/wizard/plan.ts';
import { runPlan } from '../../../src/wizard/run/run.ts';
import { proveFencing } from '../../../src/wizard/run/steps/prove-fencing.ts';
import { PlayedCluster, PowerCut } from './cluster.ts';
import { known, replies } from './machines.ts';

function planWith(said: Readonly<Record<string, string>> = {}): Plan {
  const begun = known({ replies: { ...replies, ...said } });
  const turn = nextTurn(begun);
  if (turn.kind !== 'done') throw new Error(JSON.stringify(turn));
  const plan = planOf(begun, turn.answers, 'the-code');
  if (!plan.ok) throw new Error(plan.failure.message);
  return plan.value;
}

let cluster: PlayedCluster;
beforeEach(() => {
  cluster = new PlayedCluster(planWith());
});

/** As a person does: types `keelson setup` again whenever it ended. The number of times. */
async function untilDone(most = 5): Promise<number> {
  for (let times = 1; times <= most; times += 1) {
    try {
      const ran = await runPlan(cluster.world());
      if (!ran.ok) throw new Error(ran.failure.message);
      return times;
    } catch (problem) {
      if (!(problem instanceof PowerCut)) throw problem;
      cluster.cutAt = undefined;
    }
  }
  throw new Error('it does not come to its end');
}

const whole = [
  ...[
    'POST /setup/look',
    'POST /fence-discovery',
    'POST /fence-discovery',
    'POST /cluster',
    'POST /setup/join',
  ],
  'POST /nodes/san-b/fence-test',
  'PATCH /nodes/san-a',
  'POST /nodes/san-a/fence-test',
  'PATCH /nodes/san-a',
  'POST /luns',
  ...['PATCH /nodes/san-b', 'PATCH /nodes/san-b', 'PATCH /nodes/san-a', 'PATCH /nodes/san-a'],
];

test('from two blank machines: it ends once, when this very node is fenced, and goes on to a LUN that was moved there and back', async () => {
  expect(await untilDone()).toBe(2);
  expect(cluster.asked).toEqual(whole);
  expect(cluster.proven).toEqual(['san-b', 'san-a']);
  expect(cluster.status().nodes.some(({ standby }) => standby)).toBe(false);
  expect(cluster.memory).toEqual({ moves: 2 });
});

describe('a power cut, or Ctrl-C, at every request', () => {
  test.each(
    whole.flatMap((_, index) => [
      { request: index + 1, when: 'before' as const },
      { request: index + 1, when: 'after' as const },
    ]),
  )(
    '$when request $request: the next attempt completes it, and nothing is formed, joined or made twice',
    async (cut) => {
      cluster.cutAt = cut;
      await untilDone();
      expect(cluster.proven.toSorted()).toEqual(['san-a', 'san-b']);
      expect(cluster.status().nodes.map(({ standby }) => standby)).toEqual([undefined, undefined]);
      expect(cluster.status().luns).toHaveLength(1);
      for (const once of ['POST /cluster', 'POST /setup/join', 'POST /nodes/san-a/fence-test'])
        expect(cluster.asked.filter((what) => what === once)).toHaveLength(1);
    },
  );
});

test('what the doctor forbids ends it before anything is touched, with the way to mend it', async () => {
  cluster.forbidden = true;
  expect(await runPlan(cluster.world())).toMatchObject({
    failure: { code: 'setup_forbidden', message: 'san-b: disk_has_data' },
  });
  expect(cluster.told.join('\n')).toContain('Wipe it.');
  expect(cluster.asked).toEqual(['POST /setup/look']);
});

test('a board of the other node that refuses the password ends it before anything is touched; the own one only warns', async () => {
  const refused = failure('fence_refused', 'the password is wrong');
  cluster.fails.set('POST /fence-discovery', [refused, refused]);
  expect(await runPlan(cluster.world())).toMatchObject({ failure: { code: 'fence_refused' } });
  expect(cluster.told.join('\n')).toContain('warns san-a');
  expect(cluster.asked).not.toContain('POST /cluster');
});

test('an engine that is learning, or without quorum for a moment, is waited out', async () => {
  cluster.fails.set('POST /luns', [
    failure('not_synchronised', 'learning'),
    failure('no_quorum', 'alone'),
    failure('engine_unreachable', 'restarts'),
  ]);
  await untilDone();
  expect(cluster.asked.filter((what) => what === 'POST /luns')).toHaveLength(4);
});

test('a fencing that does not work ends it with the reason, before there is a LUN', async () => {
  cluster.fails.set('POST /nodes/san-b/fence-test', [failure('fence_test_unsafe', 'san-b is leaving')]);
  expect(await runPlan(cluster.world())).toEqual({
    ...failed(failure('fence_test_unsafe', 'san-b is leaving')),
    at: proveFencing,
  });
  expect(cluster.asked).not.toContain('POST /luns');
});

test('a fencing of this node that does not work leaves no node in standby', async () => {
  cluster.fails.set('POST /nodes/san-a/fence-test', [
    failure('fence_wrong_node', 'the outlet is another one'),
  ]);
  expect(await runPlan(cluster.world())).toMatchObject({
    failure: { code: 'fence_wrong_node' },
    at: proveFencing,
  });
  expect(cluster.asked.slice(-3)).toEqual([
    'PATCH /nodes/san-a',
    'POST /nodes/san-a/fence-test',
    'PATCH /nodes/san-a',
  ]);
  expect(cluster.status().nodes.map(({ standby }) => standby)).toEqual([undefined, undefined]);
  expect(await untilDone()).toBe(2);
});

test('a node that belongs to another cluster is left alone', async () => {
  await untilDone();
  const before = cluster.asked.length;
  const other = new PlayedCluster({ ...cluster.plan, file: { ...cluster.plan.file, name: 'archive' } });
  const world = { ...other.world(), api: cluster };
  expect(await runPlan(world)).toMatchObject({ failure: { code: 'cluster_exists' } });
  expect(cluster.asked).toHaveLength(before);
});

test('a portal that does not know the target is no success', async () => {
  const world = { ...cluster.world(), targetsAt: () => Promise.resolve(['iqn.2026-11.com.example:other']) };
  await expect(runPlan(world)).rejects.toThrow(PowerCut);
  expect(await runPlan(world)).toMatchObject({
    failure: { code: 'peer_unreachable', message: '10.77.3.100:3260 does not know the target' },
  });
});

test('without a device that cuts power somebody answers for it, and nobody is switched off', async () => {
  cluster = new PlayedCluster(planWith({ 'fence-kind': 'none' }));
  expect(await untilDone()).toBe(1);
  expect(cluster.asked).toContain('PUT /nodes/san-b/fence-waiver');
  expect(cluster.asked.join()).not.toContain('fence-test');
});
