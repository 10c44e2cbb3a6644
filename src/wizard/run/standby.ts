import type { NodeView, Result, StatusView } from '../../model/index.ts';
import { isMirrored } from './steps/mirror.ts';
import type { World } from './step.ts';
import { done, MOVE, passes, untilStatus } from './wait.ts';

export const serverOf = ({ pools }: StatusView): string | undefined => pools[0]?.primary;

/** Repeated while it is only that nobody answers just now. */
async function setStandby(world: World, node: string, standby: boolean): Promise<Result<unknown>> {
  const end = world.now() + MOVE;
  for (;;) {
    const path = `/nodes/${encodeURIComponent(node)}`;
    const set = await world.api.ask<NodeView>({ method: 'PATCH', path, body: { standby } });
    if (set.ok || !passes(set.failure) || world.now() > end) return set;
    await world.pause(2000);
  }
}

/** Has what a node serves move to the other one. That it is in standby is on disk before it is asked for. */
export async function moveAwayFrom(world: World, node: string): Promise<Result<void>> {
  await world.remember({ ...world.memory(), standby: node });
  const set = await setStandby(world, node, true);
  if (!set.ok) return set;
  world.tell(`  ${node} hands over`);
  const moved = await untilStatus(world, MOVE, `the other node serves what ${node} did`, (status) => {
    const server = serverOf(status);
    if (server === undefined || server === node) return `served by ${server ?? 'nobody'} just now`;
    return status.luns.every(({ servedBy }) => servedBy === server) ? 'yes' : `${server} takes over`;
  });
  return moved.ok ? done : moved;
}

/**
 * Where a step failed: whoever reads why is not left with a node that serves nothing. Asked for once and not waited for;
 * what does not succeed is done when the set-up goes on.
 */
export async function releaseStandby(world: World): Promise<void> {
  const { standby, ...rest } = world.memory();
  if (standby === undefined) return;
  const path = `/nodes/${encodeURIComponent(standby)}`;
  const set = await world.api.ask<NodeView>({ method: 'PATCH', path, body: { standby: false } });
  if (!set.ok) return;
  await world.remember(rest);
  world.tell(`  ${standby} is online again`);
}

/** Ends the standby that a test or a move needed, also one that was interrupted. */
export async function endStandby(world: World): Promise<Result<void>> {
  const { standby, ...rest } = world.memory();
  if (standby === undefined) return done;
  const set = await setStandby(world, standby, false);
  if (!set.ok) return set;
  await world.remember(rest);
  const back = await untilStatus(world, MOVE, 'both copies are current', (status) =>
    isMirrored(status) ? 'yes' : `${standby} catches up`,
  );
  return back.ok ? done : back;
}
