import { inWords } from './luns.ts';
import { findResult, recoveryOf, typicalOf, type Outcome, type Result, type StackName } from './results.ts';

/** Many LUNs and one, of which the issue asks for the quotient; and the size at which both stacks are compared. */
const MANY = 500;
const ONE = 1;
const COMPARED = 20;

/** The last line: of what was measured in this run, and of nothing else. */
export function lastLine(results: readonly Result[]): string {
  return `failover: ${comparison(results)}, ${growth(results)}`;
}

function comparison(results: readonly Result[]): string {
  const ours = recovery(results, 'keelson', COMPARED);
  const theirs = recovery(results, 'pacemaker', COMPARED);
  const why = whyNot('keelson', COMPARED, ours) ?? whyNot('pacemaker', COMPARED, theirs);
  if (ours.time !== undefined && theirs.time !== undefined)
    return `${COMPARED} LUNs ${factor(theirs.time / ours.time)} x faster than pacemaker`;
  if (ours.time !== undefined && theirs.atLeast !== undefined)
    return `${COMPARED} LUNs more than ${factor(theirs.atLeast / ours.time)} x faster than pacemaker`;
  return `${COMPARED} LUNs not compared with pacemaker (${why ?? 'not seen'})`;
}

function growth(results: readonly Result[]): string {
  const many = recovery(results, 'keelson', MANY);
  const one = recovery(results, 'keelson', ONE);
  if (many.time !== undefined && one.time !== undefined)
    return `${MANY}/${ONE} takes ${(many.time / one.time).toFixed(1)} x`;
  const why = whyNot('keelson', MANY, many) ?? whyNot('keelson', ONE, one);
  return `${MANY}/${ONE} not measured (${why ?? 'not seen'})`;
}

/** How Keelson's time grows with the LUNs, for every size beside one that was measured. */
export function growthLines(results: readonly Result[]): readonly string[] {
  const one = recovery(results, 'keelson', ONE).time;
  if (one === undefined) return [];
  const others = results.filter(
    ({ stack, deed, luns }) => stack === 'keelson' && deed === 'power-cut' && luns !== ONE,
  );
  return others.flatMap(({ luns }) => {
    const { time } = recovery(results, 'keelson', luns);
    return time === undefined
      ? []
      : [`keelson: ${luns} LUNs take ${(time / one).toFixed(2)} x what one takes`];
  });
}

interface Recovery {
  /** From fencing confirmed to the host's first write, in milliseconds. */
  readonly time: number | undefined;
  /** Where the host did not write within the limit: it took longer than this. */
  readonly atLeast: number | undefined;
  readonly outcome: Outcome | undefined;
}

function recovery(results: readonly Result[], stack: StackName, luns: number): Recovery {
  const result = findResult(results, stack, luns, 'power-cut');
  const outcome = result === undefined ? undefined : typicalOf(result);
  const time = outcome?.kind === 'measured' ? recoveryOf(outcome) : undefined;
  const fenced = outcome?.kind === 'over' ? outcome.milestones.fenced : undefined;
  const atLeast =
    outcome?.kind === 'over' && fenced !== undefined ? outcome.began + outcome.limit - fenced : undefined;
  return { time, atLeast, outcome };
}

/** Why there is no number; undefined: there is one. */
function whyNot(stack: StackName, luns: number, { time, outcome }: Recovery): string | undefined {
  if (time !== undefined) return undefined;
  const subject = `${stack} with ${inWords(luns)}`;
  switch (outcome?.kind) {
    case undefined:
      return `${subject} was not asked for`;
    case 'not-run':
      return `${subject} was not run: ${outcome.why}`;
    case 'failed':
      return `${subject} failed`;
    case 'over':
      return `${subject} took more than ${outcome.limit / 60_000} minutes`;
    case 'measured':
      return `of ${subject} the fencing or the first write was not seen`;
  }
}

/** Whole from ten on; cut off, never rounded up: a claim. */
function factor(value: number): string {
  return value >= 10 ? String(Math.floor(value)) : (Math.floor(value * 10) / 10).toFixed(1);
}
