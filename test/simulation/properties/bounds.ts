import type { EngineState } from '../../../src/engine/index.ts';
import type { Machine } from '../machine.ts';
import { Violation } from '../violation.ts';

const MOST = 60;

/** Whoever asked and has gone is forgotten with the same step: an engine has room for so many callers only. */
export function checkCallers(
  name: string,
  remembered: EngineState['requests'],
  callers: ReadonlyMap<number, unknown>,
): void {
  for (const id of Object.keys(remembered))
    if (!callers.has(Number(id)))
      throw new Violation('bounds', `${name} remembers request ${id}, whose caller has gone`);
}

/** Nothing that an engine remembers may grow for ever. */
export function checkBounds(machine: Machine): void {
  const { engine } = machine;
  if (engine === undefined) return;
  const { state } = engine;
  const luns = Object.keys(state.config.current.luns).length;
  const sizes: Readonly<Record<string, number>> = {
    // Each LUN has one operation under way at the most, on each of two nodes, and a limit for it.
    inFlight: Object.keys(state.inFlight).length - 2 * luns,
    queue: state.executor.queue.length - luns,
    dirty: state.executor.dirty.size - luns,
    requests: Object.keys(state.requests).length,
    // Of many LUNs that are made at once it may have written down both that they are there and that they are served.
    proposed: Object.keys(state.proposed).length - 2 * luns,
    unrecorded: state.unrecorded.length,
    fencing: Object.keys(state.fencing).length,
    deferred: state.view.deferred.length,
    timers: engine.timerCount - 2 * luns,
  };
  for (const [name, size] of Object.entries(sizes)) {
    if (size > MOST) throw new Violation('bounds', `${machine.name} remembers ${size} of ${name}`);
  }
}
