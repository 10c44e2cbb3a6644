import type { NodeDraft } from './draft.ts';

type Amounts = ReadonlyMap<string, number>;

/** Negative where `left` has more of most things than `right`. */
export function compareCapacities(left: NodeDraft, right: NodeDraft): number {
  let result = 0;
  for (const [name, amount] of left.utilization) {
    result += Math.sign((right.utilization.get(name) ?? 0) - amount);
  }
  for (const [name, amount] of right.utilization) {
    if (!left.utilization.has(name)) result += Math.sign(amount);
  }
  return result;
}

/** Takes amounts away; of what a node does not have it keeps none. */
export function consume(capacity: Map<string, number>, amounts: Amounts): void {
  for (const [name, amount] of amounts) {
    const left = capacity.get(name);
    capacity.set(name, left === undefined ? 0 : left - amount);
  }
}

export function release(capacity: Map<string, number>, amounts: Amounts): void {
  for (const [name, amount] of amounts) capacity.set(name, (capacity.get(name) ?? 0) + amount);
}

export function isEnough(capacity: Amounts, amounts: Amounts): boolean {
  for (const [name, amount] of amounts) if (amount > (capacity.get(name) ?? 0)) return false;
  return true;
}
