import type { PairSet } from '../../../model/index.ts';
import { parseInteger } from '../rules/values.ts';
import { mergePairs, type PairContext } from './pairs.ts';
import { report } from './report.ts';

/** Adds what a node offers or a resource uses, as whole numbers; what is no number counts as 0. */
export function addUtilization(
  context: PairContext,
  sets: readonly PairSet[],
  place: string,
  utilization: Map<string, number>,
): void {
  if (sets.length === 0) return;
  const values = new Map<string, string>();
  mergePairs(context, 'utilization', sets, {}, values);
  for (const [name, text] of values) {
    const value = parseInteger(text);
    if (value === undefined) {
      report(
        context,
        'bad_value',
        `${place} utilization '${name}'`,
        `'${text}' is no whole number; 0 counts`,
      );
    }
    utilization.set(name, Math.min(Math.max(value ?? 0, -2_147_483_648), 2_147_483_647));
  }
}
