import type { DateFields, Expression, PairSet, Rule } from '../../model/index.ts';
import { tree } from './tree.ts';
import type { XmlTree } from './xml.ts';

export const pairSetTree = (name: string, set: PairSet): XmlTree =>
  tree(name, { id: set.id, 'id-ref': set.idRef, score: set.score }, [
    ...(set.rule === undefined ? [] : [ruleTree(set.rule)]),
    ...set.pairs.map((pair) =>
      tree('nvpair', { id: pair.id, 'id-ref': pair.idRef, name: pair.name, value: pair.value }),
    ),
  ]);

export const ruleTree = (rule: Rule): XmlTree =>
  tree(
    'rule',
    {
      id: rule.id,
      'id-ref': rule.idRef,
      score: rule.score,
      'score-attribute': rule.scoreAttribute,
      'boolean-op': rule.booleanOp,
      role: rule.role,
    },
    rule.expressions.map(expressionTree),
  );

function expressionTree(expression: Expression): XmlTree {
  switch (expression.kind) {
    case 'attribute': {
      const { id, attribute, operation, value, valueSource, type } = expression;
      return tree('expression', { id, attribute, operation, value, 'value-source': valueSource, type });
    }
    case 'date': {
      const { id, operation, start, end, duration, spec } = expression;
      return tree('date_expression', { id, operation, start, end }, [
        ...(duration === undefined ? [] : [dateTree('duration', duration)]),
        ...(spec === undefined ? [] : [dateTree('date_spec', spec)]),
      ]);
    }
    case 'resource': {
      const { standard, provider, type } = expression.agent;
      return tree('rsc_expression', { id: expression.id, class: standard, provider, type });
    }
    case 'operation':
      return tree('op_expression', {
        id: expression.id,
        name: expression.name,
        interval: expression.interval,
      });
    case 'rule':
      return ruleTree(expression.rule);
  }
}

const dateTree = (name: string, { id, fields }: DateFields): XmlTree => tree(name, { id, ...fields });
