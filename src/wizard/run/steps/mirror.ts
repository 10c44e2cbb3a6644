import type { StatusView } from '../../../model/index.ts';
import type { Step } from '../step.ts';
import { done, untilStatus } from '../wait.ts';

/** A whole disk, over a slow network. Milliseconds. */
const SYNC = 7 * 24 * 3600_000;

export const isMirrored = ({ pools }: StatusView): boolean =>
  pools.length > 0 &&
  pools.every(
    ({ state, primary, disks }) =>
      state === 'ready' && primary !== undefined && Object.values(disks).every((disk) => disk === 'UpToDate'),
  );

export const mirror: Step = {
  id: 'mirror',
  title: 'Wait until both disks carry the same (the first sync copies the whole disk)',
  isDone: isMirrored,
  run: async (world) => {
    const synced = await untilStatus(world, SYNC, 'both copies are current', (status) =>
      isMirrored(status) ? 'yes' : howFar(status),
    );
    return synced.ok ? done : synced;
  },
};

/** In whole percents, so that not every block is a line. */
export function howFar({ pools, nodes }: StatusView): string {
  const percents = nodes.flatMap(({ instances }) =>
    instances.flatMap(({ facts }) => facts['resyncPercent'] ?? []),
  );
  const disks = pools.flatMap(({ disks: all }) =>
    Object.entries(all).map(([node, disk]) => `${node} ${disk}`),
  );
  const percent = percents.length === 0 ? '' : `, ${Math.floor(Number(percents[0]))} % copied`;
  return `${disks.join(', ') || 'the pool is being made'}${percent}`;
}
