import { LINK, type LinkFlags } from '../../actions/action.ts';
import { TASK } from '../../actions/task.ts';
import { equalsIgnoringCase, isTrue, parseBoolean, parseScore } from '../../rules/values.ts';

/** How strictly an order constraint is kept ("Pacemaker Explained", rsc_order, kind). */
export type OrderKind = 'optional' | 'mandatory' | 'serialize';

/** `inverse`: the way back of one that counts for stops too. */
export type Symmetry = 'one-way' | 'both-ways' | 'inverse';

type Fields = Readonly<Record<string, string>>;

const KINDS: readonly OrderKind[] = ['mandatory', 'optional', 'serialize'];

/** Whether `kind` has a value that is none of the three. */
export function hasUnknownKind(fields: Fields): boolean {
  const written = fields['kind'];
  return written !== undefined && !KINDS.some((kind) => equalsIgnoringCase(kind, written));
}

/** Where only the older `score` is given, 0 means optional. An unknown kind counts as mandatory. */
export function orderKind(fields: Fields): OrderKind {
  const written = fields['kind'];
  if (written !== undefined) return KINDS.find((kind) => equalsIgnoringCase(kind, written)) ?? 'mandatory';
  return fields['score'] !== undefined && parseScore(fields['score']) === 0 ? 'optional' : 'mandatory';
}

/**
 * What is serialized has no direction, so it never counts the other way round; everything else does unless told
 * otherwise, by the set itself or by the constraint it is in.
 */
export function orderSymmetry(fields: Fields, kindAround: OrderKind, symmetricalAround?: string): Symmetry {
  const hasKind = fields['kind'] !== undefined || fields['score'] !== undefined;
  const kind = hasKind ? orderKind(fields) : kindAround;
  const own = parseBoolean(fields['symmetrical']);
  const isSymmetrical = own ?? (symmetricalAround === undefined ? undefined : isTrue(symmetricalAround));
  if (kind === 'serialize') return 'one-way';
  return (isSymmetrical ?? true) ? 'both-ways' : 'one-way';
}

/** The link between two actions that a constraint asks for. `task`: what the first one does. */
export function orderFlags(kind: OrderKind, task: string, symmetry: Symmetry): LinkFlags {
  if (kind === 'optional') return LINK.sequence;
  if (kind === 'serialize') return LINK.sequence | LINK.serialize;
  if (symmetry === 'one-way') return LINK.sequence | LINK.asymmetrical;
  if (symmetry === 'inverse') return LINK.sequence | LINK.thenImpliesFirst;
  const isUp = equalsIgnoringCase(task, TASK.start) || equalsIgnoringCase(task, TASK.promote);
  return LINK.sequence | LINK.firstImpliesThen | (isUp ? LINK.thenNeedsFirstRunnable : 0);
}

const OPPOSITES: readonly (readonly [up: string, down: string])[] = [
  [TASK.start, TASK.stop],
  [TASK.promote, TASK.demote],
  [TASK.promoted, TASK.demoted],
  [TASK.started, TASK.stopped],
];

/** What undoes a task; `undefined` for what cannot be undone. */
export function oppositeTask(task: string): string | undefined {
  for (const [up, down] of OPPOSITES) {
    if (equalsIgnoringCase(task, up)) return down;
    if (equalsIgnoringCase(task, down)) return up;
  }
  return undefined;
}
