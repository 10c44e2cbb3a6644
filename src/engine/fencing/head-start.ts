import { milliseconds, type Milliseconds } from '../../model/index.ts';
import { fencingRecord } from '../config/index.ts';
import { scaled } from '../controller/draft.ts';
import type { EngineState } from '../controller/state.ts';
import { levelsOf } from './levels.ts';

/** More than the test of a device has shown that it takes; boards are not the same every day. */
const MARGIN = 1.5;

/**
 * How long a node that serves nothing waits before it puts the other one out: that one, if it lives, puts this one out
 * meanwhile. Without such a wait, or with one that is shorter than the device takes, each would put the other out, and
 * neither were left to switch on again. So it is what the cluster asks for, or what the devices of this node have been
 * seen to take, whatever is more. SBD's time is that of its proof: its message is obeyed at once.
 */
export function headStart(state: EngineState): Milliseconds {
  const { properties } = state.config.current;
  const { proofs } = fencingRecord(state.config.current);
  const [first = []] = levelsOf(state, state.self);
  const seen = first.map(({ name, kind }) => (kind === 'sbd' ? 0 : (proofs[name]?.took ?? 0) * MARGIN));
  return milliseconds(Math.max(scaled(state, properties.fenceDelay), ...seen));
}
