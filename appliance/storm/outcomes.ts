import type { StormCall, StormLun } from './call.ts';

/** What a LUN may be after some calls; undefined: there is none of this name. */
export type Outcome = StormLun | undefined;

/** In one text, whatever the order of the hosts. */
export const outcomeText = (lun: Outcome): string =>
  lun === undefined
    ? 'absent'
    : `${lun.size} bytes${lun.thin ? ', thin' : ''}, for ${
        Object.entries(lun.access)
          .map(([host, access]) => `${host} (${access})`)
          .sort()
          .join(', ') || 'nobody'
      }${lun.snapshots.length > 0 ? `, snapshots ${lun.snapshots.join(', ')}` : ''}`;

/** What a call leaves of a LUN at the instant at which it works; `impossible`: not with this answer. */
function after(lun: Outcome, { action, answer }: StormCall): Outcome | 'impossible' {
  if (typeof answer === 'object') return isRefusable(lun, action, answer.refused) ? lun : 'impossible';
  switch (action.kind) {
    case 'create': {
      const { size, thin, access } = action;
      const wanted = { size, thin, access, snapshots: lun?.snapshots ?? [] };
      return lun === undefined || outcomeText(lun) === outcomeText(wanted) ? wanted : 'impossible';
    }
    case 'delete':
      return action.withSnapshots || lun === undefined || lun.snapshots.length === 0
        ? undefined
        : 'impossible';
    case 'snapshot':
      return lun?.thin === true
        ? { ...lun, snapshots: [...otherThan(lun.snapshots, action.snapshot), action.snapshot].sort() }
        : 'impossible';
    case 'drop':
      return lun && { ...lun, snapshots: otherThan(lun.snapshots, action.snapshot) };
    case 'grow':
      return lun === undefined || lun.size > action.size ? 'impossible' : { ...lun, size: action.size };
    case 'map':
      return lun === undefined
        ? 'impossible'
        : { ...lun, access: { ...lun.access, [action.host]: action.access } };
    case 'unmap':
      return lun && { ...lun, access: without(lun.access, action.host) };
  }
}

const otherThan = (snapshots: readonly string[], name: string): readonly string[] =>
  snapshots.filter((other) => other !== name);

const without = (access: StormLun['access'], host: string): StormLun['access'] =>
  Object.fromEntries(Object.entries(access).filter(([other]) => other !== host));

/** Refusals that say something of the LUN must be true of it; others (busy, no room) may come at any time. */
function isRefusable(lun: Outcome, action: StormCall['action'], code: string): boolean {
  switch (code) {
    case 'lun_not_found':
      return lun === undefined;
    case 'name_taken':
      return (
        lun !== undefined &&
        action.kind === 'create' &&
        outcomeText(lun) !== outcomeText({ ...action, snapshots: lun.snapshots })
      );
    case 'lun_would_shrink':
      return lun !== undefined && action.kind === 'grow' && lun.size > action.size;
    case 'lun_not_thin':
      return lun?.thin === false;
    case 'lun_has_snapshots':
      return lun !== undefined && lun.snapshots.length > 0;
    default:
      return true;
  }
}

/** Refusals that are true of some LUNs only; others neither change one nor tell of it. */
const TELLING: ReadonlySet<string> = new Set([
  'lun_not_found',
  'name_taken',
  'lun_would_shrink',
  'lun_not_thin',
  'lun_has_snapshots',
]);

const isTelling = ({ answer }: StormCall): boolean =>
  typeof answer !== 'object' || TELLING.has(answer.refused);

/** What nobody knows of was carried out before this other call was sent, or never is: there are too many ways otherwise. */
const isTooLate = ({ answer, answered }: StormCall, { sent }: StormCall): boolean =>
  answer === 'unknown' && answered < sent;

/** What is left to be placed: some of the calls before `next`, and all from there on, in the order in which they were sent. */
interface Left {
  readonly open: readonly number[];
  readonly next: number;
}

/**
 * All that one LUN may be after these calls, each of which worked at one instant from `sent` to `answered`, or, where
 * nobody knows, perhaps never. None: no order explains the answers.
 */
export function outcomesOf(calls: readonly StormCall[], before?: Outcome): readonly Outcome[] {
  const inOrder = calls.filter(isTelling).sort((one, other) => one.sent - other.sent);
  const actions = inOrder.map(({ action }) => JSON.stringify(action));
  const answers = inOrder.map(({ answer, answered }) => (answer === 'unknown' ? Infinity : answered));
  const earliest = [...answers, Infinity];
  for (let index = answers.length - 1; index >= 0; index -= 1)
    earliest[index] = Math.min(answers[index] ?? Infinity, earliest[index + 1] ?? Infinity);
  const outcomes = new Map<string, Outcome>();
  const seen = new Set<string>();

  /** Those that may come first: none was sent after another one was answered. */
  function firstOf({ open, next }: Left, firstAnswer: number): readonly number[] {
    const may = [...open];
    const isLater = (index: number): boolean => (inOrder[index]?.sent ?? Infinity) > firstAnswer;
    for (let index = next; index < inOrder.length && !isLater(index); index += 1) may.push(index);
    // Of several of one kind that had no answer the first stands for all, or there are too many ways.
    return may.filter(
      (index, place) =>
        answers[index] !== Infinity ||
        !may
          .slice(0, place)
          .some((other) => answers[other] === Infinity && actions[other] === actions[index]),
    );
  }

  function explore(left: Left, lun: Outcome): void {
    const place = `${left.open.join()} ${left.next} ${outcomeText(lun)}`;
    if (seen.has(place)) return;
    seen.add(place);
    const firstAnswer = Math.min(
      ...left.open.map((index) => answers[index] ?? Infinity),
      earliest[left.next] ?? Infinity,
    );
    if (firstAnswer === Infinity) outcomes.set(outcomeText(lun), lun);
    for (const index of firstOf(left, firstAnswer)) {
      const call = inOrder[index];
      const result = call && after(lun, call);
      if (call !== undefined && result !== 'impossible') explore(placed(left, index, call), result);
    }
  }

  function placed({ open, next }: Left, index: number, call: StormCall): Left {
    const passed = Array.from({ length: Math.max(0, index - next) }, (_, step) => next + step);
    const stays = (other: number): boolean => {
      const one = inOrder[other];
      return other !== index && one !== undefined && !isTooLate(one, call);
    };
    return { open: [...open, ...passed].filter(stays), next: Math.max(next, index + 1) };
  }

  explore({ open: [], next: 0 }, before);
  return [...outcomes.values()];
}
