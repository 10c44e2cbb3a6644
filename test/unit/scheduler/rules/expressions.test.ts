import { expect, test } from 'vitest';

import type { Rule } from '../../../../src/model/index.ts';
import type { Evaluation, Subject } from '../../../../src/engine/scheduler/rules/evaluation.ts';
import { evaluateRule } from '../../../../src/engine/scheduler/rules/rule.ts';
import { compareNames, parseScore } from '../../../../src/engine/scheduler/rules/values.ts';
import { ROLE } from '../../../../src/engine/scheduler/unpack/resource.ts';

const STATE: Evaluation = {
  now: 0,
  utcOffset: 0,
  findRule: (id) => (id === 'known' ? rule('eq', 'rack', 'B') : undefined),
  dates: new Map(),
  recheckAt: undefined,
};
const NODE: Subject = {
  attributes: new Map([
    ['#uname', 'north'],
    ['rack', 'a'],
    ['memory', '9'],
    ['kernel', '6.10.2'],
  ]),
};

function rule(operation: string, attribute: string, value?: string, type?: string): Rule {
  return {
    expressions: [
      {
        kind: 'attribute',
        attribute,
        operation,
        ...(value === undefined ? {} : { value }),
        ...(type === undefined ? {} : { type }),
      },
    ],
  };
}

test.each([
  [rule('eq', 'rack', 'A'), true],
  [rule('ne', 'rack', 'b'), true],
  [rule('lt', 'memory', '10'), true],
  [rule('lt', 'memory', '10', 'string'), false],
  [rule('gt', 'kernel', '6.9', 'version'), true],
  [rule('lte', 'kernel', '6.10', 'version'), false],
  [rule('gt', 'kernel', 'six', 'version'), true],
  [rule('defined', 'fast'), false],
  [rule('not_defined', 'fast'), true],
  [rule('gt', 'fast', '1'), false],
  [rule('ne', 'fast', '1'), true],
])('%j on a node: %s', (asked, outcome) => {
  expect(evaluateRule(STATE, asked, NODE)).toBe(outcome);
});

test('Without a node, what asks for a node does not hold', () => {
  expect(evaluateRule(STATE, rule('not_defined', 'fast'), {})).toBe(false);
});

test('One of several is enough where it says so; rules may stand in rules and refer to others', () => {
  const inner = { kind: 'rule', rule: { idRef: 'known', expressions: [] } } as const;
  const expressions = [...rule('eq', 'rack', 'a').expressions, inner];
  expect(evaluateRule(STATE, { expressions }, NODE)).toBe(false);
  expect(evaluateRule(STATE, { booleanOp: 'or', expressions }, NODE)).toBe(true);
});

test("A value may be the resource's own, and a name a part of what its pattern matched", () => {
  const match = { groups: ['lun-rack', 'rack'], parameters: new Map([['where', 'a']]) };
  const asked: Rule = {
    expressions: [
      { kind: 'attribute', attribute: '%1', operation: 'eq', value: 'where', valueSource: 'param' },
    ],
  };
  expect(evaluateRule(STATE, asked, { ...NODE, match })).toBe(true);
});

test('Roles and operations are told apart', () => {
  expect(evaluateRule(STATE, rule('eq', '#role', 'Master'), { role: ROLE.promoted })).toBe(true);
  const monitor: Rule = { expressions: [{ kind: 'operation', name: 'monitor', interval: '10' }] };
  expect(evaluateRule(STATE, monitor, { operation: { name: 'monitor', interval: 10_000 } })).toBe(true);
  expect(evaluateRule(STATE, monitor, { operation: { name: 'monitor', interval: 0 } })).toBe(false);
});

test('Scores stay within infinity, and nodes are sorted by their numbers', () => {
  expect(['-INFINITY', '+infinity', '5000000', 'many', '-7'].map(parseScore)).toEqual([
    -1_000_000, 1_000_000, 1_000_000, 0, -7,
  ]);
  expect(['node10', 'node2', 'Node1'].sort(compareNames)).toEqual(['Node1', 'node2', 'node10']);
});
