import type { AgentReference, Rule } from '../../../model/index.ts';
import type { Role } from '../unpack/resource.ts';

/** What all rules of one scheduling are evaluated against. Mutable in one respect: it gathers `recheckAt`. */
export interface Evaluation {
  /** Seconds since 1970, UTC. */
  readonly now: number;
  /** Of local time from UTC, in seconds. */
  readonly utcOffset: number;
  /** The rule with this id, for references. */
  readonly findRule: (id: string) => Rule | undefined;
  /** Outcomes of date expressions: they hold or do not hold for everybody. */
  readonly dates: Map<object, boolean>;
  /** The next moment at which a rule that was evaluated may turn out another way; seconds since 1970. */
  recheckAt: number | undefined;
}

/** What one rule is evaluated for; what is absent cannot be asked about, and such expressions do not hold. */
export interface Subject {
  /** Attributes of the node. */
  readonly attributes?: ReadonlyMap<string, string> | undefined;
  readonly role?: Role | undefined;
  readonly agent?: Partial<AgentReference> | undefined;
  /** Interval in milliseconds. */
  readonly operation?: { readonly name: string; readonly interval: number } | undefined;
  /** Of the location constraint that the rule stands in. */
  readonly match?: RuleMatch | undefined;
}

export interface RuleMatch {
  /** What the parts in brackets of the constraint's pattern matched; the whole match is 0. */
  readonly groups?: readonly (string | undefined)[] | undefined;
  /** The resource's, for `value-source`. */
  readonly parameters?: ReadonlyMap<string, string> | undefined;
  readonly meta?: ReadonlyMap<string, string> | undefined;
}

/** Remembers when a rule may change; what lies in the past or is later than what is known already does not count. */
export function noteChange(evaluation: Evaluation, moment: number): void {
  if (moment <= evaluation.now) return;
  if (evaluation.recheckAt === undefined || moment < evaluation.recheckAt) evaluation.recheckAt = moment;
}
