import { expect, test } from 'vitest';

import type { Expression } from '../../../../src/model/index.ts';
import type { Evaluation } from '../../../../src/engine/scheduler/rules/evaluation.ts';
import { parseMoment } from '../../../../src/engine/scheduler/rules/moment.ts';
import { evaluateRule } from '../../../../src/engine/scheduler/rules/rule.ts';
import { parseInterval, parseMilliseconds } from '../../../../src/engine/scheduler/rules/values.ts';

/** Tuesday, 14 November 2023, 22:13:20 UTC. */
const NOW = 1_700_000_000;

function evaluation(utcOffset = 0): Evaluation {
  return { now: NOW, utcOffset, findRule: () => undefined, dates: new Map(), recheckAt: undefined };
}

type DateExpression = Omit<Extract<Expression, { kind: 'date' }>, 'kind'>;

function holds(expression: DateExpression, utcOffset = 0): readonly [boolean, number | undefined] {
  const state = evaluation(utcOffset);
  const outcome = evaluateRule(state, { expressions: [{ kind: 'date', ...expression }] }, {});
  return [outcome, state.recheckAt];
}

test.each([
  ['2023-11-14 22:13:20Z', NOW],
  ['20231114T221320Z', NOW],
  ['2023-318 22:13:20 +00:00', NOW],
  ['2023-W46-2T22:13:20Z', NOW],
  ['2023-11-14 23:13:20 +01:00', NOW],
  ['2023-11-13 24:00:00Z', 1_699_920_000],
  ['1970-01-01', 0],
  ['2000-02-29', 951_782_400],
])('%s is a moment', (text, moment) => {
  expect(parseMoment(text, NOW, 0)).toBe(moment);
});

test.each(['', 'soon', '2023-02-29', '2023-13-01', '2023-366', '2021-W53-1', '2023-11-14 25:00:00'])(
  '"%s" is no moment',
  (text) => {
    expect(parseMoment(text, NOW, 0)).toBeUndefined();
  },
);

test('A time without an offset is local', () => {
  expect(parseMoment('2023-11-14 23:13:20', NOW, 3600)).toBe(NOW);
});

test('A window that has begun says when it ends, one to come when it begins', () => {
  expect(holds({ start: '2023-11-14', end: '2023-11-15' })).toEqual([true, 1_700_006_401]);
  expect(holds({ start: '2023-11-15' })).toEqual([false, 1_700_006_400]);
  expect(holds({ end: '2023-11-13' })).toEqual([false, undefined]);
  expect(holds({ operation: 'gt', start: '2023-11-14 22:13:20Z' })).toEqual([false, NOW + 1]);
  expect(holds({ operation: 'lt', end: '2023-11-15' })).toEqual([true, 1_700_006_400]);
});

test('A window may be as long as a duration; the end of January and a month is the end of February', () => {
  const duration = { fields: { months: '1' } };
  expect(holds({ start: '2023-10-31', duration })[0]).toBe(true);
  expect(holds({ start: '2023-01-31', duration })[0]).toBe(false);
  expect(holds({ start: '2023-10-14 22:13:20Z', duration })).toEqual([true, NOW + 1]);
});

test('Office hours hold by the clock on the wall, and say when they turn', () => {
  const spec = { fields: { weekdays: '1-5', hours: '9-22' } };
  expect(holds({ operation: 'date_spec', spec })).toEqual([true, 1_700_002_800]);
  expect(holds({ operation: 'date_spec', spec }, 3600)[0]).toBe(false);
  expect(holds({ operation: 'date_spec', spec: { fields: { weeks: '46', yeardays: '318' } } })[0]).toBe(true);
});

test.each([
  ['20', 20_000, 20_000],
  ['1min', 60_000, 60_000],
  ['500ms', 500, 500],
  ['1.5s', 1000, 1000],
  ['PT1M30S', 90_000, undefined],
  ['P2D', 86_400_000, undefined],
  ['20 apples', 0, undefined],
])('%s as an interval and as a timeout', (text, interval, timeout) => {
  expect(parseInterval(text)).toBe(interval);
  expect(parseMilliseconds(text)).toBe(timeout);
});
