import type { Machine } from '../machine.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import { ABSENT_ENGINE, BOARD_AGAIN, LOSS_SEEN, SILENT_ENGINE, TAKEOVER } from './bounds.ts';
import { beforehand } from './deeds.ts';
import { lostNode, mayBeBackFirst } from './lost-node.ts';
import type { Ordeal } from './ordeal.ts';

const FOR_GOOD = 24 * 3600 * 1000;

/** How one node is lost: what happens to it, and how long until its peer may have it fenced, in milliseconds. */
interface Death {
  readonly what: string;
  readonly noticed: number;
  readonly happens: (machine: Machine) => void;
}

const powerSupply: Death = {
  what: 'loses its power',
  noticed: LOSS_SEEN,
  happens: (machine) => machine.cut(),
};
const hang: Death = { what: 'hangs', noticed: LOSS_SEEN, happens: (machine) => machine.hang() };
const engineGone: Death = {
  what: 'has no engine any more',
  noticed: ABSENT_ENGINE,
  happens: (machine) => machine.killEngine(FOR_GOOD),
};
const engineHangs: Death = {
  what: 'has an engine that stands still',
  noticed: SILENT_ENGINE,
  happens: (machine) => machine.engine?.setPaused(true),
};

/** One node is lost, often while somebody wants something, and sometimes its board is out of order at first. */
const lost = (weight: number, death: Death): Ordeal =>
  lostNode(weight, (world, server, random) => {
    const victim = random.chance(0.7) ? server : world.peer(server);
    const wish = beforehand(world, victim, random);
    const board = brokenBoard(world, victim, random);
    // Its power supply went with it, or it comes back by the board.
    victim.staysDark = random.chance(0.7) || mayBeBackFirst(world);
    death.happens(victim);
    return {
      what: [`${wish.what}${victim.name} ${death.what}`, board.what].join(''),
      victims: [victim],
      within: death.noticed + board.within + TAKEOVER,
      mend: () => {
        wish.mend();
        board.mend();
      },
    };
  });

export const powerLost = lost(2, powerSupply);
export const machineHangs = lost(2, hang);
export const engineStaysAway = lost(2, engineGone);
export const engineStandsStill = lost(3, engineHangs);

interface BoardTrouble {
  readonly what: string;
  readonly within: number;
  readonly mend: () => void;
}

/** The first attempts fail, and then it works. */
function brokenBoard(world: World, machine: Machine, random: Random): BoardTrouble {
  const lasts = random.between(5000, 60_000);
  const flaw = random.pick(['reachable', 'failing', 'hanging'] as const);
  if (!random.chance(0.4)) return { what: '', within: 0, mend: () => undefined };
  const board = world.board(machine);
  board[flaw] = flaw !== 'reachable';
  const mend = (): void => {
    board[flaw] = flaw === 'reachable';
  };
  world.time.after(lasts, mend);
  return { what: `, and its board is out of order for ${lasts} ms`, within: lasts + BOARD_AGAIN, mend };
}
