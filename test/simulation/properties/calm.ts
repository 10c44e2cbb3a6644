import type { Machine } from '../machine.ts';
import type { World } from '../world.ts';

/** Whether nothing stands in the way of the other machine's fencing this one, or of hearing what it has to say. */
export function couldBeFenced(world: World, machine: Machine): boolean {
  const peer = world.peer(machine);
  const board = world.board(machine);
  const { reachable, slow, failing, hanging, lying } = board;
  const { engine } = peer;
  return (
    !isLeftAlone(machine) &&
    // One that has no power itself cannot say anything, not even that its node has none.
    reachable &&
    board.isFed() &&
    !(slow || failing || hanging || lying) &&
    machine.engine?.isPaused !== true &&
    engine?.isPaused === false &&
    engine.state.view.complete &&
    world.corosync.isQuorate(peer.id)
  );
}

/** In maintenance nothing is done, whatever fails. */
export function isLeftAlone({ name, store }: Machine): boolean {
  const { nodes, properties } = store.config;
  return properties.maintenance === true || nodes[name]?.maintenance === true;
}
