import { milliseconds, type Command, type Fencing, type NodeName } from '../../model/index.ts';
import { fencingRecord, isRecorded } from '../config/index.ts';
import { change } from '../controller/draft.ts';
import type { FenceOutcome } from '../controller/messages.ts';
import type { Draft, EngineState } from '../controller/state.ts';

/** In milliseconds: what has to be done at once, and acknowledged by the disks, is done first. */
const AFTER = 5000;
/** Kept until they are in the configuration; more than these nobody can have missed. */
const KEPT = 16;

/** Every node remembers it until the DC has written it down. */
export function noteFencing(
  draft: Draft,
  node: NodeName,
  by: NodeName,
  { devices, took }: Extract<FenceOutcome, { confirmed: true }>,
): void {
  const { boots, unrecorded, status, config } = draft.state;
  const fencing = status.nodes[node]?.fencing;
  const fresh = {
    at: draft.now,
    fencing: {
      node,
      boot: boots[node],
      revision: config.current.revision,
      reason: fencing?.reason ?? 'it was lost',
      by: devices.length === 0 ? undefined : by,
      devices,
      attempts: fencing?.attempts ?? 0,
      devicesTook: took,
      took: milliseconds(fencing === undefined ? 0 : draft.now - fencing.since),
    },
  };
  change(draft, { unrecorded: [...unrecorded, fresh].slice(-KEPT) });
}

export const newestFirst = ({ config }: EngineState, limit = 20): readonly Fencing[] =>
  fencingRecord(config.current).history.slice(-limit).reverse();

/** How the node was last put out, after that revision. */
export const lastFencing = (
  { unrecorded, config }: EngineState,
  node: NodeName,
  since: number,
): Omit<Fencing, 'at'> | undefined =>
  [...fencingRecord(config.current).history, ...unrecorded.map(({ fencing }) => fencing)].findLast(
    (each) => each.node === node && each.revision > since,
  );

/** By the DC: fencings that are not in the configuration yet. */
export function dueOfHistory({ state, now }: Draft): readonly (readonly [string, Command])[] {
  return state.unrecorded
    .filter(({ at, fencing }) => now - at >= AFTER && !isRecorded(state.config.current, fencing))
    .map(({ fencing }): [string, Command] => [
      `record ${fencing.node} ${fencing.boot ?? ''} ${fencing.revision}`,
      { kind: 'fence.recorded', fencing },
    ]);
}

/** What has been written down need not be remembered. */
export function forgetRecorded(draft: Draft): void {
  const { unrecorded, config } = draft.state;
  if (unrecorded.length === 0) return;
  const left = unrecorded.filter(({ fencing }) => !isRecorded(config.current, fencing));
  if (left.length < unrecorded.length) change(draft, { unrecorded: left });
}
