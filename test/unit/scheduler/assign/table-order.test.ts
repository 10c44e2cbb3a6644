import { describe, expect, it } from 'vitest';
import { inTableOrder } from '../../../../src/engine/scheduler/assign/table-order.ts';
import type { Node } from '../../../../src/engine/scheduler/unpack/node.ts';

const order = (...ids: readonly string[]): readonly string[] =>
  inTableOrder(ids.map((id) => ({ id }) as Node)).map(({ id }) => id);

/** What crm_simulate 2.1.5 of Debian 12 was seen to do: which of equally roomy nodes it takes first. */
describe('nodes in the order of their table', () => {
  it('puts numbered nodes in an order of its own, however they were put in', () => {
    expect(order('1', '2', '3', '4', '5')).toEqual(['1', '3', '5', '2', '4']);
    expect(order('5', '4', '3', '2', '1')).toEqual(['1', '3', '5', '2', '4']);
  });

  it('orders names by their letters, not by the alphabet', () => {
    expect(order('node-b', 'node-c')).toEqual(['node-c', 'node-b']);
    expect(order('node-c', 'node-d')).toEqual(['node-d', 'node-c']);
  });

  it('keeps every node of a cluster that outgrows the smallest table', () => {
    const ids = Array.from({ length: 40 }, (_, index) => `host${index}`);
    expect([...order(...ids)].sort()).toEqual([...ids].sort());
  });
});
