import type { DateFields, Expression } from '../../../model/index.ts';
import {
  addDays,
  addMonths,
  addSeconds,
  addYears,
  isoWeek,
  momentOf,
  monthAndDay,
  moonPhase,
  wallDateAt,
  type WallDate,
} from './calendar.ts';
import { noteChange, type Evaluation } from './evaluation.ts';
import { parseWallDate } from './moment.ts';
import { parseRange } from './range.ts';
import { lower } from './text.ts';
import { parseInteger } from './values.ts';

export type DateExpression = Extract<Expression, { kind: 'date' }>;

/** In the sequence in which they count; each with what one of it does. */
const DURATION_FIELDS: readonly (readonly [
  name: string,
  add: (date: WallDate, amount: number) => WallDate,
])[] = [
  ['years', addYears],
  ['months', addMonths],
  ['weeks', (date, amount) => addDays(date, amount * 7)],
  ['days', addDays],
  ['hours', (date, amount) => addSeconds(date, amount * 3600)],
  ['minutes', (date, amount) => addSeconds(date, amount * 60)],
  ['seconds', addSeconds],
];

const MOST = 2_147_483_647;

/** The end of a duration that begins at `start`; months and years in the calendar of the start's own offset. */
export function addDuration(start: WallDate, duration: DateFields): WallDate {
  let end = start;
  for (const [name, add] of DURATION_FIELDS) {
    const amount = parseInteger(duration.fields[name]) ?? 0;
    if (amount !== 0 && Math.abs(amount) <= MOST) end = add(end, amount);
  }
  return end;
}

/** What a calendar shows, by the names that `date_spec` has for it. */
function calendarFields(date: WallDate): Readonly<Record<string, number>> {
  const { month, day } = monthAndDay(date);
  const { year: weekYear, week, weekday } = isoWeek(date);
  return {
    years: date.year,
    months: month,
    monthdays: day,
    hours: Math.floor(date.second / 3600),
    minutes: Math.floor(date.second / 60) % 60,
    seconds: date.second % 60,
    yeardays: date.day,
    weekyears: weekYear,
    weeks: week,
    weekdays: weekday,
    moon: moonPhase(date),
  };
}

/** Whether a date is in every range given; what is no range does not count. */
export function isInCalendar(date: WallDate, spec: DateFields): boolean {
  return Object.entries(calendarFields(date)).every(([name, value]) => {
    const text = spec.fields[name];
    const range = text === undefined ? undefined : parseRange(text);
    return range === undefined || (value >= range.low && value <= range.high);
  });
}

/** Looks at most this many units ahead for the moment at which a calendar rule turns. */
const LOOK_AHEAD = 100;

/** Moments at which the finest field that is asked for changes: the only ones at which the outcome can. */
function noteCalendarChange(evaluation: Evaluation, spec: DateFields, isIn: boolean): void {
  const fields = spec.fields;
  const unit =
    fields['seconds'] !== undefined
      ? 1
      : fields['minutes'] !== undefined
        ? 60
        : fields['hours'] !== undefined
          ? 3600
          : 86_400;
  const local = Math.floor(evaluation.now) + evaluation.utcOffset;
  let next = Math.floor(local / unit) * unit - evaluation.utcOffset;
  for (let step = 0; step < LOOK_AHEAD; step += 1) {
    next += unit;
    if (isInCalendar(wallDateAt(next, evaluation.utcOffset), spec) !== isIn) break;
  }
  noteChange(evaluation, next);
}

function evaluate(evaluation: Evaluation, expression: DateExpression): boolean {
  const { now, utcOffset } = evaluation;
  const read = (text: string | undefined): WallDate | undefined =>
    text === undefined ? undefined : parseWallDate(text, now, utcOffset);
  const startDate = read(expression.start);
  let endDate = read(expression.end);
  if (startDate !== undefined && endDate === undefined && expression.duration !== undefined) {
    endDate = addDuration(startDate, expression.duration);
  }
  const start = startDate === undefined ? undefined : momentOf(startDate);
  const end = endDate === undefined ? undefined : momentOf(endDate);

  switch (lower(expression.operation ?? 'in_range')) {
    case 'in_range':
      if (start !== undefined && now < start) {
        noteChange(evaluation, start);
        return false;
      }
      if (end !== undefined && now <= end) noteChange(evaluation, end + 1);
      return (start !== undefined || end !== undefined) && (end === undefined || now <= end);
    case 'gt':
      if (start !== undefined && now <= start) noteChange(evaluation, start + 1);
      return start !== undefined && now > start;
    case 'lt':
      if (end !== undefined && now < end) noteChange(evaluation, end);
      return end !== undefined && now < end;
    case 'date_spec': {
      const spec = expression.spec ?? { fields: {} };
      const isIn = isInCalendar(wallDateAt(now, utcOffset), spec);
      if (Object.keys(spec.fields).length > 0) noteCalendarChange(evaluation, spec, isIn);
      return isIn;
    }
    default:
      return false;
  }
}

/**
 * Whether now is as a date expression asks for ("Pacemaker Explained", rules, date/time expressions); notes when that
 * changes. An expression that cannot be understood does not hold.
 */
export function holdsDate(evaluation: Evaluation, expression: DateExpression): boolean {
  const known = evaluation.dates.get(expression);
  if (known !== undefined) return known;
  const outcome = evaluate(evaluation, expression);
  evaluation.dates.set(expression, outcome);
  return outcome;
}
