import type { Machine } from '../machine.ts';
import { Violation } from '../violation.ts';
import type { World } from '../world.ts';

/** Seconds in which one that leaves in order may still be seen, or has just come. */
const LONGEST = 5;

/**
 * S2, of what one node says of the other: off is who has no power. Whoever runs, and takes part in the very view in which
 * that is said, has not been proven to be off, and what is begun there runs beside what others take over from it.
 */
export class HeldOff {
  private seconds = 0;

  /** Once a second. */
  check(world: World, machine: Machine): void {
    const peer = world.peer(machine);
    if (!isHeldOff(machine, peer)) {
      this.seconds = 0;
      return;
    }
    this.seconds += 1;
    if (this.seconds > LONGEST)
      throw new Violation(
        'S2',
        `${machine.name} holds ${peer.name} to be off, which takes part in its view for ${this.seconds} s`,
        ['device lied'],
      );
  }
}

function isHeldOff({ engine }: Machine, peer: Machine): boolean {
  const mine = engine?.state;
  const other = peer.engine?.state;
  if (mine?.status.nodes[peer.name]?.state !== 'offline' || other === undefined || peer.hasLeft) return false;
  if (!mine.view.complete || !other.view.complete || mine.view.generation !== other.view.generation)
    return false;
  return (
    mine.view.members.length > 1 &&
    mine.view.members.includes(peer.id) &&
    other.status.nodes[peer.name]?.leaving === undefined
  );
}
