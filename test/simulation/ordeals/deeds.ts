import { insist } from '../faults/people.ts';
import type { Machine } from '../machine.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';

interface Wish {
  readonly what: string;
  readonly mend: () => void;
}

/** The longest time for which what was asked for goes on before the blow, in milliseconds: a move takes about as long. */
const HEAD_START = 3000;

/** What runs on a node is to move away from it; taken back later. */
export function askForStandby(world: World, { name }: Machine): Wish {
  world.machines[0].request('node.set', { name, standby: true, force: true }, (result) =>
    world.story.tell('operator', `standby of ${name}: ${result.ok ? 'agreed' : result.failure.message}`),
  );
  return {
    what: `somebody wants ${name} to be free, and `,
    mend: () => insist(world, 'node.set', { name, standby: false, force: true }),
  };
}

/** Somebody may want something just before, so that orders are under way when the blow falls. */
export function beforehand(world: World, victim: Machine, random: Random): Wish {
  const kind = random.pick(['nothing', 'standby', 'standby', 'lun']);
  const early = random.between(0, HEAD_START);
  if (kind === 'nothing') return { what: '', mend: () => undefined };
  const wish =
    kind === 'standby'
      ? askForStandby(world, victim)
      : { what: `${world.operator.act(random)}, and `, mend: () => undefined };
  world.run(early);
  return wish;
}
