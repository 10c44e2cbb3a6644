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

/** Of several calls of one kind that had no answer the first stands for all, or there are too many ways. */
const isAgain = (call: StormCall, rest: readonly StormCall[]): boolean =>
  call.answer === 'unknown' &&
  rest.find(
    ({ answer, action }) => answer === 'unknown' && JSON.stringify(action) === JSON.stringify(call.action),
  ) !== call;

/**
 * All that one LUN may be after these calls, each of which worked at one instant from `sent` to `answered`, or, where
 * nobody knows, perhaps never. None: no order explains the answers.
 */
export function outcomesOf(calls: readonly StormCall[], before?: Outcome): readonly Outcome[] {
  const inOrder = [...calls].sort((one, other) => one.sent - other.sent);
  const outcomes = new Map<string, Outcome>();
  const seen = new Set<string>();
  const explore = (rest: readonly StormCall[], lun: Outcome): void => {
    const place = `${rest.map((call) => inOrder.indexOf(call)).join()} ${outcomeText(lun)}`;
    if (seen.has(place)) return;
    seen.add(place);
    if (rest.every(({ answer }) => answer === 'unknown')) outcomes.set(outcomeText(lun), lun);
    // None can come before one that was answered before it was sent.
    const firstAnswer = Math.min(...rest.map(({ answered }) => answered));
    for (const call of rest) {
      if (call.sent > firstAnswer) break;
      if (isAgain(call, rest)) continue;
      const next = after(lun, call);
      if (next !== 'impossible')
        explore(
          rest.filter((other) => other !== call),
          next,
        );
    }
  };
  explore(inOrder, before);
  return [...outcomes.values()];
}
