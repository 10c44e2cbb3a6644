import type { Machine } from '../machine.ts';
import { ANY_LIE, Violation } from '../violation.ts';
import type { World } from '../world.ts';
import { couldBeFenced } from './calm.ts';

/** In seconds in which its peer could have been fenced, or have answered; a peer that has just come gets 15 of them. */
const LONGEST = 75;

/**
 * Liveness in the middle of trouble: a Primary whose I/O stands still until it knows its peer's fate is told it soon,
 * where somebody can find out. An order to fence that is lost or withdrawn for a wrong reason shows here.
 */
export class Frozen {
  private calm = 0;

  /** Once a second. */
  check(world: World, machine: Machine): void {
    if (!machine.kernel.isFrozen) {
      this.calm = 0;
      return;
    }
    // Whose agents cannot be heard does not learn that its mirror has lost its peer.
    if (machine.agents.isMute || !couldBeFenced(world, world.peer(machine))) return;
    this.calm += 1;
    if (this.calm > LONGEST)
      throw new Violation(
        'liveness',
        `the I/O of ${machine.name} is frozen, and its peer could have been fenced for ${this.calm} s`,
        ANY_LIE,
      );
  }
}
