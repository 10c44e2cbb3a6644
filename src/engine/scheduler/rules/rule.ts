import type { AgentReference, Expression, Rule } from '../../../model/index.ts';
import { ROLE, type Role } from '../unpack/resource.ts';
import { accepts } from './compare.ts';
import { holdsDate } from './date.ts';
import type { Evaluation, RuleMatch, Subject } from './evaluation.ts';
import { lower } from './text.ts';
import { parseRole, tryInterval } from './values.ts';

type AttributeExpression = Extract<Expression, { kind: 'attribute' }>;

/** Rules within rules are not followed deeper than this (a rule may refer to one that it stands in). */
const DEEPEST = 50;

/** `%1` ... `%9` in an attribute's name stand for what the constraint's pattern matched. */
function expandGroups(name: string, groups: RuleMatch['groups']): string {
  if (groups === undefined) return name;
  return name.replace(/%([0-9])/g, (_, digit: string) => groups[Number(digit)] ?? '');
}

function wantedValue(expression: AttributeExpression, match: RuleMatch | undefined): string | undefined {
  const value = expression.value;
  if (match === undefined) return value;
  if (value === undefined || value === '') return undefined;
  switch (lower(expression.valueSource ?? 'literal')) {
    case 'param':
      return match.parameters?.get(value);
    case 'meta':
      return match.meta?.get(value);
    default:
      return value;
  }
}

function holdsRole(expression: AttributeExpression, role: Role): boolean {
  if (role === ROLE.unknown) return false;
  switch (lower(expression.operation)) {
    case 'defined':
      return role > ROLE.started;
    case 'not_defined':
      return role < ROLE.unpromoted;
    case 'eq':
      return parseRole(expression.value) === role;
    case 'ne':
      return role >= ROLE.unpromoted && parseRole(expression.value) !== role;
    default:
      return false;
  }
}

function holdsAttribute(expression: AttributeExpression, subject: Subject): boolean {
  if (expression.attribute === '#role') return holdsRole(expression, subject.role ?? ROLE.unknown);
  if (subject.attributes === undefined) return false;
  const name = expandGroups(expression.attribute, subject.match?.groups);
  const wanted = wantedValue(expression, subject.match);
  return accepts(subject.attributes.get(name), wanted, expression.type, expression.operation);
}

/** An expression without a provider means agents that have none. */
function holdsAgent(wanted: Partial<AgentReference>, found: Subject['agent']): boolean {
  return (
    found !== undefined &&
    (wanted.standard === undefined || wanted.standard === found.standard) &&
    wanted.provider === found.provider &&
    (wanted.type === undefined || wanted.type === found.type)
  );
}

function holdsOperation(
  expression: Extract<Expression, { kind: 'operation' }>,
  found: Subject['operation'],
): boolean {
  if (found === undefined || expression.name !== found.name) return false;
  return expression.interval === undefined || tryInterval(expression.interval) === found.interval;
}

function holds(evaluation: Evaluation, expression: Expression, subject: Subject, depth: number): boolean {
  switch (expression.kind) {
    case 'attribute':
      return holdsAttribute(expression, subject);
    case 'date':
      return holdsDate(evaluation, expression);
    case 'resource':
      return holdsAgent(expression.agent, subject.agent);
    case 'operation':
      return holdsOperation(expression, subject.operation);
    case 'rule':
      return depth < DEEPEST && evaluateAt(evaluation, expression.rule, subject, depth + 1);
  }
}

function evaluateAt(evaluation: Evaluation, written: Rule, subject: Subject, depth: number): boolean {
  const rule = written.idRef === undefined ? written : evaluation.findRule(written.idRef);
  if (rule === undefined) return true;
  if (rule.booleanOp !== undefined && lower(rule.booleanOp) === 'or') {
    return rule.expressions.some((expression) => holds(evaluation, expression, subject, depth));
  }
  return rule.expressions.every((expression) => holds(evaluation, expression, subject, depth));
}

/**
 * Whether a rule holds ("Pacemaker Explained", rules). All expressions must hold, or one where `boolean-op` is `or`; an
 * empty `and` holds, and so does a reference to a rule that does not exist.
 */
export function evaluateRule(evaluation: Evaluation, rule: Rule, subject: Subject): boolean {
  return evaluateAt(evaluation, rule, subject, 0);
}

/** Whether any of several rules holds; none at all counts as held. */
export function evaluateRules(evaluation: Evaluation, rules: readonly Rule[], subject: Subject): boolean {
  return rules.length === 0 || rules.some((rule) => evaluateRule(evaluation, rule, subject));
}
