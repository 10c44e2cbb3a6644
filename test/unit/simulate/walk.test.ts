import { expect, test } from 'vitest';
import type { Action } from '../../../src/engine/scheduler/actions/action.ts';
import type { Step } from '../../../src/engine/scheduler/graph/transition.ts';
import { walk } from '../../../src/simulate/walk.ts';

/** Steps by key, each with those it waits for; `*` behind a key: it only holds others together. */
const graph = (waits: Readonly<Record<string, readonly string[]>>): Step[] => {
  const actions = new Map(
    Object.keys(waits).map((key) => [key, { key, isPseudo: key.endsWith('*') } as Action]),
  );
  const action = (key: string): Action => actions.get(key) ?? ({ key, isPseudo: false } as Action);
  return Object.entries(waits).map(([key, after]) => ({
    action: action(key),
    after: after.map(action),
    priority: 0,
  }));
};

const taken = (steps: Step[], failing?: string) => {
  const order: string[] = [];
  const end = walk(steps, ({ action }) => {
    order.push(action.key);
    return action.key === failing ? 'failed' : 'done';
  });
  return { order: order.join(' '), ...end };
};

test('goes through the list again and again, and takes what is ready', () =>
  expect(taken(graph({ c: ['b'], b: ['a'], a: [], d: ['a'] }))).toEqual({
    order: 'a d b c',
    skipped: 0,
    waiting: 0,
  }));

test('an input that is named twice is waited for once', () =>
  expect(taken(graph({ a: [], b: ['a', 'a'] })).order).toBe('a b'));

test('after a failure only what holds others together is still taken', () =>
  expect(taken(graph({ a: [], b: ['a'], c: [], 'd*': [], e: ['d*'] }), 'a')).toEqual({
    order: 'a d*',
    skipped: 2,
    waiting: 1,
  }));

test('steps that wait for each other, or for what is not there, stay behind', () =>
  expect(taken(graph({ a: ['b'], b: ['a'], c: ['elsewhere'], d: [] }))).toEqual({
    order: 'd',
    skipped: 0,
    waiting: 3,
  }));

test('a chain of 20,000 steps in the worst sequence takes no time', () => {
  const keys = Array.from({ length: 20_000 }, (_, at) => `step-${at}`);
  const waits = Object.fromEntries(keys.map((key, at) => [key, keys.slice(at + 1, at + 2)]));
  expect(taken(graph(waits)).waiting).toBe(0);
});
