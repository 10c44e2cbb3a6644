import { failed, failure, type ReplyOf } from '../../../model/index.ts';
import type { Plan } from '../../plan.ts';
import type { Step } from '../step.ts';
import { done, MOVE, passes, untilStatus } from '../wait.ts';

/** Made by its name: asked for again, it is found. */
export const lunStep = (lun: NonNullable<Plan['lun']>): Step => ({
  id: 'lun',
  title: `Make the LUN ${lun.name}`,
  isDone: ({ luns }) =>
    luns.some(
      ({ name, state, servedBy }) => name === lun.name && state === 'ready' && servedBy !== undefined,
    ),
  run: async (world) => {
    const { api, now, pause } = world;
    const end = now() + MOVE;
    const body = { name: lun.name, size: lun.size };
    for (;;) {
      const made = await api.ask<ReplyOf<'lun.create'>>({ method: 'POST', path: '/luns', body });
      const operation = made.ok ? made.value.operation : undefined;
      if (operation?.state === 'failed')
        return failed(operation.failure ?? failure('internal', `${lun.name} could not be made`));
      if (made.ok) break;
      if (!passes(made.failure) || now() > end) return made;
      await pause(2000);
    }
    const ready = await untilStatus(world, MOVE, `${lun.name} is served`, ({ luns }) => {
      const found = luns.find(({ name }) => name === lun.name);
      const isServed = found?.state === 'ready' && found.servedBy !== undefined;
      return isServed ? 'yes' : `${lun.name} is ${found?.state ?? 'not there yet'}`;
    });
    return ready.ok ? done : ready;
  },
});
