import { failed, failure } from '../../../model/index.ts';
import { endStandby, moveAwayFrom, serverOf } from '../standby.ts';
import type { Step } from '../step.ts';
import { done, settledStatus } from '../wait.ts';

const THERE_AND_BACK = 2;

/** What is served goes to the other node and comes back. How often it did is remembered: no status shows it. */
export const move: Step = {
  id: 'move',
  title: 'Move everything to the other node, and back',
  isDone: (_status, { memory }) => (memory().moves ?? 0) >= THERE_AND_BACK,
  run: async (world) => {
    for (let moves = world.memory().moves ?? 0; moves < THERE_AND_BACK; moves += 1) {
      const status = await settledStatus(world);
      if (!status.ok) return status;
      const server = serverOf(status.value);
      if (server === undefined) return failed(failure('pool_not_ready', 'no node serves the pool'));
      const moved = await moveAwayFrom(world, server);
      if (!moved.ok) return moved;
      await world.remember({ ...world.memory(), moves: moves + 1 });
      const online = await endStandby(world);
      if (!online.ok) return online;
    }
    return done;
  },
};
