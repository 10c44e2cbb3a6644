import { failed, failure, type NodeView, type Result, type StatusView } from '../../../model/index.ts';
import { isForTests } from '../../plan.ts';
import { endStandby, moveAwayFrom, serverOf } from '../standby.ts';
import type { Step, World } from '../step.ts';
import { BOOT, done, passes, settledStatus, untilStatus } from '../wait.ts';
import { howFar, isMirrored } from './mirror.ts';

const nodeOf = ({ nodes }: StatusView, name: string): NodeView | undefined =>
  nodes.find((node) => node.name === name);

const isProven = (node: NodeView | undefined): boolean =>
  node !== undefined &&
  (node.fenceWaiver !== undefined ||
    (node.fenceDevices.length > 0 && node.fenceDevices.every(({ proof }) => proof !== undefined)));

/** Each node loses its power once, while the other one serves, and comes back by itself. */
export const proveFencing: Step = {
  id: 'prove-fencing',
  title: 'Test the fencing: the other node loses its power and comes back; then, after a move, this one',
  isDone: (status, { plan }) => plan.nodes.every((name) => isProven(nodeOf(status, name))),
  run: async (world) => {
    if (isForTests(world.plan)) return waive(world);
    // The other one first: while this node is dark, so is its terminal.
    for (const name of world.plan.nodes.toReversed()) {
      const proven = await prove(world, name);
      if (!proven.ok) return proven;
    }
    return endStandby(world);
  },
};

async function prove(world: World, name: string): Promise<Result<void>> {
  const status = await settledStatus(world);
  if (!status.ok) return status;
  if (isProven(nodeOf(status.value, name))) return done;
  const ready = await untilStatus(world, BOOT, 'both copies are current', (now) =>
    isMirrored(now) ? 'yes' : howFar(now),
  );
  if (!ready.ok) return ready;
  if (serverOf(ready.value) === name) {
    const moved = await moveAwayFrom(world, name);
    if (!moved.ok) return moved;
  }
  for (const level of untestedLevels(nodeOf(ready.value, name))) {
    const tested = await testLevel(world, name, level);
    if (!tested.ok) return tested;
  }
  return done;
}

const untestedLevels = (node: NodeView | undefined): readonly number[] =>
  [...new Set(node?.fenceDevices.filter(({ proof }) => proof === undefined).map(({ level }) => level))].sort(
    (one, other) => one - other,
  );

async function testLevel(world: World, name: string, level: number): Promise<Result<void>> {
  const { api, plan, tell } = world;
  if (name === plan.nodes[0])
    tell(
      `  ${name} is this very node: its power goes now, and this terminal with it.\n  When it has booted, type \`keelson setup\` again: it goes on where it stood.`,
    );
  else tell(`  the power of ${name} goes now (level ${level})`);
  const path = `/nodes/${encodeURIComponent(name)}/fence-test`;
  const begun = await api.ask({ method: 'POST', path, body: { level } });
  // One that is under way, or an answer that is lost with the power, is waited for like any other.
  if (!begun.ok && begun.failure.code !== 'fence_test_running' && !passes(begun.failure)) return begun;
  const over = await untilStatus(world, BOOT, `the test of ${name} is over`, (status) =>
    howTheTestGoes(nodeOf(status, name), level),
  );
  if (!over.ok) return over;
  const test = nodeOf(over.value, name)?.fenceTest;
  if (test?.state !== 'failed') return done;
  const { code = 'internal', message = 'it failed without saying why' } = test.failure ?? {};
  return failed(failure(code, `the fencing of ${name} does not work: ${message}`));
}

function howTheTestGoes(node: NodeView | undefined, level: number): string {
  const { name = '', state, fenceTest: test } = node ?? {};
  if (test?.level !== level) return `level ${level} of ${name}: waiting for the test`;
  switch (test.state) {
    case 'failed':
      return 'yes';
    case 'passed':
      return state === 'online' ? 'yes' : `${name} comes back`;
    case 'dark':
      return `${name} is off, confirmed after ${((test.took ?? 0) / 1000).toFixed(1)} s; waiting for it to come back`;
    case 'running':
      return `${name} is being switched off`;
  }
}

/** Devices that prove nothing cannot be tested; somebody has to answer for them, in words that stay. */
async function waive({ api, plan, tell }: World): Promise<Result<void>> {
  for (const name of plan.nodes) {
    const path = `/nodes/${encodeURIComponent(name)}/fence-waiver`;
    const body = { reason: 'set up only to try it, without a device that cuts power' };
    const waived = await api.ask({ method: 'PUT', path, body });
    if (!waived.ok) return waived;
    tell(`  ${name}: nothing cuts its power; the status goes on saying so`);
  }
  return done;
}
