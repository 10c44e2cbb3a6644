import type { OperationDefinition, PairSet } from '../../../model/index.ts';
import type { Evaluation, Subject } from '../rules/evaluation.ts';
import { evaluateRule } from '../rules/rule.ts';
import { isScore, parseScore } from '../rules/values.ts';
import { lower } from '../rules/text.ts';
import type { OperationSettings } from './operation.ts';
import { report, type Reporter } from './report.ts';
import type { References, SetKind } from './references.ts';

/** Where sets of pairs are looked up and evaluated. */
export interface PairContext extends Reporter {
  readonly evaluation: Evaluation;
  readonly references: References;
  /** Sets with their references resolved, in the sequence in which they count, by the list they were written in. */
  readonly sorted: WeakMap<readonly PairSet[], readonly ResolvedSet[]>;
  /** Settings of operations that were worked out already, by the list of operations they come from. */
  readonly operations: WeakMap<readonly OperationDefinition[], Map<string, OperationSettings>>;
}

export interface ResolvedSet {
  readonly rule: PairSet['rule'];
  readonly pairs: readonly (readonly [name: string, value: string, isDefault: boolean])[];
}

export interface MergeOptions {
  /** Later sets replace what earlier ones said; otherwise what is there already stays. */
  readonly overwrite?: boolean;
  /** The set with this id counts before all others. */
  readonly first?: string;
}

function resolvePairs(context: PairContext, set: PairSet): ResolvedSet['pairs'] {
  const place = `set '${set.id ?? ''}'`;
  const pairs: (readonly [string, string, boolean])[] = [];
  for (const pair of set.pairs) {
    const other = pair.idRef === undefined ? undefined : context.references.pair(pair.idRef);
    if (pair.idRef !== undefined && other === undefined) {
      report(
        context,
        'unknown_reference',
        place,
        `No pair has the id '${pair.idRef}'; what refers to it is left out`,
      );
    }
    const name = pair.name ?? other?.name;
    const value = pair.value ?? other?.value;
    if (name === undefined || value === undefined) continue;
    pairs.push([name, value, lower(value) === '#default']);
  }
  return pairs;
}

/** Higher scores first; among equals the one written later, because that is what Pacemaker does. */
function resolveSets(
  context: PairContext,
  kind: SetKind,
  sets: readonly PairSet[],
  first: string | undefined,
): readonly ResolvedSet[] {
  const found: { readonly set: PairSet; readonly score: number; readonly isFirst: boolean }[] = [];
  for (const written of sets) {
    const set = written.idRef === undefined ? written : context.references.set(kind, written.idRef);
    if (set === undefined) {
      report(
        context,
        'unknown_reference',
        `set '${written.idRef ?? ''}'`,
        'No set has this id; the reference is left out',
      );
      continue;
    }
    if (set.score !== undefined && !isScore(set.score)) {
      report(context, 'bad_value', `set '${set.id ?? ''}'`, `'${set.score}' is no score; 0 counts`);
    }
    const isFirst = first !== undefined && set.id !== undefined && lower(set.id) === first;
    found.unshift({ set, score: parseScore(set.score), isFirst });
  }
  found.sort((left, right) => Number(right.isFirst) - Number(left.isFirst) || right.score - left.score);
  return found.map(({ set }) => ({ rule: set.rule, pairs: resolvePairs(context, set) }));
}

/** The sets of one list in the sequence in which they count; worked out once for each list. */
export function resolvedSets(
  context: PairContext,
  kind: SetKind,
  sets: readonly PairSet[],
  first?: string,
): readonly ResolvedSet[] {
  const known = context.sorted.get(sets);
  if (known !== undefined) return known;
  const resolved = sets.length === 0 ? [] : resolveSets(context, kind, sets, first);
  context.sorted.set(sets, resolved);
  return resolved;
}

/**
 * Adds the pairs of all sets whose rule holds to `values`. A value of `#default` takes away what earlier sets said
 * ("Pacemaker Explained", rules; sets in the sequence of their scores).
 */
export function mergePairs(
  context: PairContext,
  kind: SetKind,
  sets: readonly PairSet[],
  subject: Subject,
  values: Map<string, string>,
  options: MergeOptions = {},
): void {
  for (const { rule, pairs } of resolvedSets(context, kind, sets, options.first)) {
    if (rule !== undefined && !evaluateRule(context.evaluation, rule, subject)) continue;
    for (const [name, value, isDefault] of pairs) {
      if (isDefault) values.delete(name);
      else if (options.overwrite === true || !values.has(name)) values.set(name, value);
    }
  }
}
