import type { Result, StatusView } from '../../model/index.ts';
import type { Plan } from '../plan.ts';
import { form } from './steps/form.ts';
import { join } from './steps/join.ts';
import { lunStep } from './steps/lun.ts';
import { mirror } from './steps/mirror.ts';
import { move } from './steps/move.ts';
import { portals } from './steps/portals.ts';
import { preflight } from './steps/preflight.ts';
import { proveFencing } from './steps/prove-fencing.ts';
import { endStandby, releaseStandby } from './standby.ts';
import type { Step, World } from './step.ts';
import { answeredStatus, settledStatus } from './wait.ts';

/** In their order; each begins where those before it are done. */
export const stepsOf = ({ lun }: Plan): readonly Step[] => [
  preflight,
  form,
  join,
  mirror,
  proveFencing,
  ...(lun === undefined ? [] : [lunStep(lun)]),
  move,
  portals,
];

/** How the SAN is at the end; or why the end was not reached, and at which step, where it was one. */
export type Ran = Result<StatusView> & { readonly at?: Step };

/** From wherever it stands to the end; what is done already is passed over. */
export async function runPlan(world: World): Promise<Ran> {
  // Of a test or a move that was interrupted; until then the mirror stands still.
  const ended = await endStandby(world);
  if (!ended.ok) return ended;
  const steps = stepsOf(world.plan);
  for (const [index, step] of steps.entries()) {
    const status = await (step.alone === true ? answeredStatus(world) : settledStatus(world));
    if (!status.ok) return status;
    const number = `[${index + 1}/${steps.length}]`;
    if (step.isDone(status.value, world)) {
      world.tell(`${number} ${step.title}: done already`);
      continue;
    }
    world.tell(`${number} ${step.title}`);
    const ran = await step.run(world);
    if (!ran.ok) {
      await releaseStandby(world);
      return { ...ran, at: step };
    }
  }
  return settledStatus(world);
}
