import type { Rule } from '../../../model/index.ts';
import { evaluateRule } from '../rules/rule.ts';
import type { RuleMatch } from '../rules/evaluation.ts';
import { lower } from '../rules/text.ts';
import { parseRole } from '../rules/values.ts';
import type { Node } from '../unpack/node.ts';
import { ROLE, type Resource } from '../unpack/resource.ts';
import { addScores, INFINITY, parseScore } from './arithmetic.ts';
import { baseScore } from './base.ts';
import { complain } from './complain.ts';
import type { ScoreDraft } from './draft.ts';
import type { LocationConstraint } from './scored.ts';

/** What the parts in brackets of the constraint's pattern matched; the whole match is 0. */
export interface Match {
  readonly groups: readonly (string | undefined)[];
}

/**
 * The location that one rule of a constraint stands for: its score on every node for which it holds. With
 * `score-attribute` the score is a node attribute's value; a node without it is forbidden.
 */
export function unpackRule(
  draft: ScoreDraft,
  constraintId: string,
  written: Rule,
  resource: Resource,
  match: Match | undefined,
): LocationConstraint | undefined {
  const { evaluation, nodes } = draft.unpacked;
  const rule = written.idRef === undefined ? written : evaluation.findRule(written.idRef);
  if (rule === undefined) {
    complain(draft, constraintId, 'unknown_reference', `There is no rule '${written.idRef ?? ''}'`);
    return undefined;
  }
  const id = rule.id ?? constraintId;
  const role = parseRole(rule.role);
  if (rule.role !== undefined && role === ROLE.unknown) {
    complain(draft, constraintId, 'bad_value', `'${rule.role}' is no role; rule '${id}' is left out`);
    return undefined;
  }
  if (rule.score === undefined && rule.scoreAttribute === undefined) {
    complain(draft, constraintId, 'missing_field', `Rule '${id}' has no score; 0 counts`);
  }

  const isAlternative = lower(rule.booleanOp ?? 'and') === 'or';
  const attribute = rule.score === undefined ? expandGroups(rule.scoreAttribute, match) : undefined;
  const scores = new Map<Node, number>();
  for (const node of nodes) {
    const subject = { attributes: node.attributes, match: matchFor(resource, node, match) };
    if (!evaluateRule(evaluation, rule, subject)) continue;
    const score = scoreOn(node, rule.score, attribute);
    scores.set(node, isAlternative ? addScores(baseScore(node), score) : score);
  }
  return {
    id,
    kind: 'location',
    resource,
    // What is promoted was unpromoted before, so that a rule for that role is one for all roles.
    role: role === ROLE.unpromoted ? ROLE.unknown : role,
    scores,
    discovery: undefined,
  };
}

/** Parameters are worked out only for the rules that ask for one. */
function matchFor(resource: Resource, node: Node, match: Match | undefined): RuleMatch {
  return {
    groups: match?.groups,
    get parameters() {
      return resource.parameters(node);
    },
    meta: resource.meta,
  };
}

function scoreOn(node: Node, score: string | undefined, attribute: string | undefined): number {
  if (score !== undefined) return parseScore(score);
  if (attribute === undefined) return 0;
  const value = node.attributes.get(attribute);
  return value === undefined ? -INFINITY : parseScore(value);
}

function expandGroups(name: string | undefined, match: Match | undefined): string | undefined {
  if (name === undefined || match === undefined) return name;
  return name.replace(/%([0-9])/g, (_, digit: string) => match.groups[Number(digit)] ?? '');
}
