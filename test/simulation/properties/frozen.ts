import type { Machine } from '../machine.ts';
import { ANY_LIE, Violation } from '../violation.ts';
import type { World } from '../world.ts';
import { couldBeFenced, isLeftAlone } from './calm.ts';

/** In seconds in which its peer could have been fenced, or have answered; a peer that has just come gets 15 of them. */
const LONGEST = 75;

/**
 * Liveness in the middle of trouble: a Primary whose I/O stands still until it knows its peer's fate is told it soon,
 * where somebody can find out. An order to fence that is lost or withdrawn for a wrong reason shows here.
 */
export class Frozen {
  private calm = 0;
  /** What the fencing that is waited for depends on. */
  private begins = '';
  /** In seconds in which it is so, and everybody in its view has heard of it. */
  private known = 0;

  /** Once a second. */
  check(world: World, machine: Machine): void {
    if (!machine.kernel.isFrozen) {
      this.calm = 0;
      this.known = 0;
      return;
    }
    this.known = saysSo(machine) ? this.known + 1 : 0;
    const peer = world.peer(machine);
    // A fencing begins anew with another engine, and where what was found is of a life that is over.
    const begins = `${machine.engine?.state.incarnation} ${peer.pressedAt}`;
    if (begins !== this.begins) this.calm = 0;
    this.begins = begins;
    // Whose agents cannot be heard does not learn that its mirror has lost its peer.
    if (machine.agents.isMute || !couldBeFenced(world, peer)) return;
    this.calm += 1;
    if (this.calm > LONGEST)
      throw new Violation(
        'liveness',
        `the I/O of ${machine.name} is frozen, and its peer could have been fenced for ${this.calm} s`,
        ANY_LIE,
      );
  }

  /** Nor does anybody take back what it waits for, as long as it has told that it does. */
  checkWithdrawn(machine: Machine, peer: Machine, by: Machine): void {
    if (this.known < TOLD || !machine.kernel.isFrozen || !saysSo(machine) || isLeftAlone(peer)) return;
    if (by.engine?.state.view.generation !== machine.engine?.state.view.generation) return;
    throw new Violation(
      'liveness',
      `${by.name} takes back the fencing for which the I/O of ${machine.name} stands still`,
      ANY_LIE,
    );
  }
}

/** By then it has been heard by all, in seconds. */
const TOLD = 2;

/** What its engine has told of its mirror, and has heard itself since. */
function saysSo({ name, engine }: Machine): boolean {
  if (engine?.state.view.complete !== true) return false;
  const seen = Object.entries(engine.state.status.nodes[name]?.instances ?? {}).find(([resource]) =>
    resource.startsWith('drbd-'),
  )?.[1].observation;
  return seen !== undefined && seen !== 'unknown' && seen.facts?.['suspended'] === 'yes';
}
