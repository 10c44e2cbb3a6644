import type { Random } from '../random.ts';
import type { Attached, Replica } from './replica.ts';

/** From now on the peer misses what is written here. */
export function newGeneration(replica: Replica, random: Random): void {
  const data = replica.metaData;
  if (data === undefined) return;
  if (data.bitmap === '') data.bitmap = data.current;
  else data.history.push(data.current);
  data.current = random.hex(8);
}

interface Side {
  readonly replica: Replica;
  readonly kernel: Attached;
}

/** Whose data is newer, by the generations that both have written down; undefined: they are the same. */
export function sourceOf(a: Side, b: Side): Replica | 'split-brain' | undefined {
  const ma = a.replica.metaData;
  const mb = b.replica.metaData;
  if (ma === undefined || mb === undefined) return undefined;
  if (ma.current === mb.current) {
    if (ma.current === 'just-created') return undefined;
    if (ma.isConsistent && mb.isConsistent) return sourceOfSame(a, b);
    return ma.isConsistent ? a.replica : mb.isConsistent ? b.replica : undefined;
  }
  if (ma.current === 'just-created') return b.replica;
  if (mb.current === 'just-created') return a.replica;
  if (ma.bitmap === mb.current || ma.history.includes(mb.current)) return a.replica;
  if (mb.bitmap === ma.current || mb.history.includes(ma.current)) return b.replica;
  return 'split-brain';
}

/** The same generation: one of them may have been written to last, in the moment of a crash. */
function sourceOfSame(a: Side, b: Side): Replica | undefined {
  const crashed = a.kernel.crashedPrimary || b.kernel.crashedPrimary;
  if (!crashed) return undefined;
  if (a.kernel.role === 'Primary' || (a.kernel.crashedPrimary && b.kernel.role !== 'Primary'))
    return a.replica;
  return b.replica;
}
