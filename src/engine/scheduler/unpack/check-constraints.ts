import type { Configuration, ConstraintDefinition, Rule } from '../../../model/index.ts';
import { parseMoment } from '../rules/moment.ts';
import { lower } from '../rules/text.ts';
import { parseRole } from '../rules/values.ts';
import { score } from './check-values.ts';
import { report, type Reporter } from './report.ts';
import { ROLE } from './resource.ts';

/** Of two constraints with one id the second one is left out: it is not known which of them is meant. */
export function withUniqueConstraints(reporter: Reporter, configuration: Configuration): Configuration {
  const seen = new Set<string>();
  const unique = configuration.constraints.filter(({ id }) => {
    const isFirst = id === '' || !seen.has(id);
    seen.add(id);
    if (!isFirst)
      report(reporter, 'duplicate_id', `constraint '${id}'`, 'Another one has this id; the first one counts');
    return isFirst;
  });
  return unique.length === configuration.constraints.length
    ? configuration
    : { ...configuration, constraints: unique };
}

/** Scores of constraints, rules and nodes that cannot be understood, or are beyond infinity. */
export function checkConstraints(reporter: Reporter, configuration: Configuration): void {
  for (const constraint of configuration.constraints) checkConstraint(reporter, constraint);
  for (const node of configuration.nodes) checkScore(reporter, `node '${node.uname}'`, node.score);
}

function checkConstraint(
  reporter: Reporter,
  { id, kind, fields, sets, rules, lifetime }: ConstraintDefinition,
): void {
  const place = `constraint '${id}'`;
  checkScore(reporter, place, fields['score']);
  if (kind === 'colocation') {
    checkRole(reporter, `${place} rsc-role`, fields['rsc-role']);
    checkRole(reporter, `${place} with-rsc-role`, fields['with-rsc-role']);
  }
  for (const set of sets) {
    checkScore(reporter, `${place} set '${set.id ?? ''}'`, set.fields['score']);
    checkRole(reporter, `${place} set '${set.id ?? ''}' role`, set.fields['role']);
  }
  for (const rule of [...rules, ...(lifetime?.rules ?? [])]) checkRule(reporter, place, rule);
}

const OPERATIONS = new Set(['lt', 'gt', 'lte', 'gte', 'eq', 'ne', 'defined', 'not_defined']);

function checkRule(reporter: Reporter, above: string, rule: Rule): void {
  const place = `${above} rule '${rule.id ?? ''}'`;
  checkScore(reporter, place, rule.score);
  for (const expression of rule.expressions) {
    switch (expression.kind) {
      case 'rule':
        checkRule(reporter, place, expression.rule);
        break;
      case 'attribute':
        if (!OPERATIONS.has(lower(expression.operation)))
          report(reporter, 'bad_value', place, `'${expression.operation}' compares nothing; it never holds`);
        break;
      case 'date':
        for (const moment of [expression.start, expression.end])
          if (moment !== undefined && parseMoment(moment, 0, 0) === undefined)
            report(reporter, 'bad_value', place, `'${moment}' is no date; it never holds`);
        break;
      case 'resource':
      case 'operation':
    }
  }
}

function checkScore(reporter: Reporter, place: string, value: string | undefined): void {
  const problem = value === undefined ? undefined : score(value);
  if (problem !== undefined) report(reporter, problem[0], `${place} score`, problem[1]);
}

function checkRole(reporter: Reporter, place: string, value: string | undefined): void {
  if (value === undefined || parseRole(value) !== ROLE.unknown || lower(value) === 'unknown') return;
  report(reporter, 'bad_value', place, `'${value}' is no role; every role counts`);
}
