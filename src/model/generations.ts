import type { NodeName } from './intent.ts';

/**
 * The generations of a copy, as DRBD 8.4 writes them down: of its present data; of the data that the peer was last known
 * to have, while it misses changes; and of two generations before. Each of 64 bits; 0 stands for none.
 */
export interface Generations {
  readonly current: bigint;
  readonly bitmap: bigint;
  readonly history: readonly [bigint, bigint];
}

/** UUID_JUST_CREATED (drbd_int.h): metadata without any data. */
const JUST_CREATED = 4n;
/** The lowest bit of a generation says that the node was Primary, and nothing of the data. */
const withoutRole = (generation: bigint): bigint => generation & ~1n;

const FORM = /^([0-9A-F]{16}):([0-9A-F]{16}):([0-9A-F]{16}):([0-9A-F]{16})(?::[01])*$/i;

/** Of `CURRENT:BITMAP:HISTORY:HISTORY` in hex, and what flags follow; undefined: it is not understood. */
export function readGenerations(text: unknown): Generations | undefined {
  const found = typeof text === 'string' ? FORM.exec(text.trim()) : null;
  if (found === null) return undefined;
  const [current = 0n, bitmap = 0n, first = 0n, second = 0n] = found
    .slice(1, 5)
    .map((digits) => withoutRole(BigInt(`0x${digits}`)));
  return { current, bitmap, history: [first, second] };
}

/**
 * What two copies are to each other. `behind`, `ahead`: the first one lacks, or has, changes. `first-sync`: one of them
 * has no data yet. `split`: each has data that the other lacks. `unrelated`: they have no past in common, so that DRBD
 * never copies one to the other. `unknown`: what stands there is not understood.
 */
export type Relation = 'same' | 'behind' | 'ahead' | 'first-sync' | 'split' | 'unrelated' | 'unknown';

const hasNoData = ({ current }: Generations): boolean => current === 0n || current === JUST_CREATED;

const past = ({ bitmap, history }: Generations): readonly bigint[] => [bitmap, ...history];

/** As DRBD 8.4 judges when two copies meet (drbd_uuid_compare of drbd_receiver.c, Linux 6.1). */
export function relationOf(one: Generations | undefined, other: Generations | undefined): Relation {
  if (one === undefined || other === undefined) return 'unknown';
  if (hasNoData(one) || hasNoData(other)) return 'first-sync';
  if (one.current === other.current) return 'same';
  if (past(other).includes(one.current)) return 'behind';
  if (past(one).includes(other.current)) return 'ahead';
  const leftTogether = one.bitmap !== 0n && one.bitmap === other.bitmap;
  const hasCommonPast = one.history.some((each) => each !== 0n && other.history.includes(each));
  return leftTogether || hasCommonPast ? 'split' : 'unrelated';
}

/** By node, as they were when it was found. */
export type GenerationsByNode = Readonly<Record<NodeName, string>>;
