import { expect, test } from 'vitest';
import { compile } from '../../../src/engine/blueprint/index.ts';
import { config } from '../../scenario/planner/world.ts';

test('a pool, a target, and LUNs in each state', () => {
  const blueprint = compile(config({ new: 'creating', one: 'ready', old: 'deleting' }));
  expect(blueprint.resources.map(({ id }) => id)).toEqual([
    'drbd-data',
    'lvm-data',
    'target-data',
    'lun-old',
    'lun-one',
    'address-data-1',
    'address-data-2',
  ]);
  expect(blueprint.resources.find(({ id }) => id === 'lun-old')).toMatchObject({ targetRole: 'stopped' });
  expect(blueprint.deeds.map(({ id }) => id)).toEqual(['create lun-new', 'remove lun-old']);
  expect(blueprint.orders.filter(({ kind }) => kind === 'optional')).toHaveLength(4);
});

test('a new pool exports nothing yet', () => {
  const blueprint = compile(config({}, { pool: { state: 'new' } }));
  expect(blueprint.resources.map(({ id }) => id)).toEqual(['drbd-data']);
  expect(blueprint.deeds.map(({ id }) => id)).toEqual(['create drbd-data', 'create lvm-data']);
});

test('the order in which a configuration was written makes no difference', () => {
  const one = config({ a: 'ready', b: 'ready' });
  const other = { ...one, luns: Object.fromEntries(Object.entries(one.luns).reverse()) };
  expect(JSON.stringify(compile(other))).toBe(JSON.stringify(compile(one)));
});
