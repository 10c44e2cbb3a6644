import type { DateFields, Expression, Pair, PairSet, Rule } from '../../model/index.ts';
import { fieldsWithout, pick, type Reader } from './reader.ts';
import type { XmlElement } from './xml.ts';

const IDENTITY = { id: 'id', idRef: 'id-ref' } as const;

export function readPairSet(reader: Reader, element: XmlElement): PairSet {
  const pairs: Pair[] = [];
  let rule: Rule | undefined;
  for (const child of element.children) {
    if (child.name === 'nvpair') pairs.push(pick(child, { ...IDENTITY, name: 'name', value: 'value' }));
    else if (child.name === 'rule') rule ??= readRule(reader, child);
    // An older form keeps the pairs in a list of their own.
    else if (child.name === 'attributes')
      pairs.push(...child.children.map((pair) => pick(pair, { ...IDENTITY, name: 'name', value: 'value' })));
    else reader.unknown(child, element.name);
  }
  return {
    ...pick(element, { ...IDENTITY, score: 'score' }),
    ...(rule === undefined ? {} : { rule }),
    pairs,
  };
}

export function readRule(reader: Reader, element: XmlElement): Rule {
  return {
    ...pick(element, {
      ...IDENTITY,
      score: 'score',
      scoreAttribute: 'score-attribute',
      booleanOp: 'boolean-op',
      role: 'role',
    }),
    expressions: element.children.flatMap((child) => readExpression(reader, element, child)),
  };
}

function readExpression(reader: Reader, parent: XmlElement, element: XmlElement): readonly Expression[] {
  switch (element.name) {
    case 'expression': {
      const attribute = reader.required(element, 'attribute');
      const operation = reader.required(element, 'operation');
      if (attribute === undefined || operation === undefined) return [];
      const rest = pick(element, { id: 'id', value: 'value', valueSource: 'value-source', type: 'type' });
      return [{ kind: 'attribute', attribute, operation, ...rest }];
    }
    case 'date_expression': {
      const duration = element.children.find(({ name }) => name === 'duration');
      const spec = element.children.find(({ name }) => name === 'date_spec');
      return [
        {
          kind: 'date',
          ...pick(element, { id: 'id', operation: 'operation', start: 'start', end: 'end' }),
          ...(duration === undefined ? {} : { duration: dateFields(duration) }),
          ...(spec === undefined ? {} : { spec: dateFields(spec) }),
        },
      ];
    }
    case 'rsc_expression':
      return [
        {
          kind: 'resource',
          ...pick(element, { id: 'id' }),
          agent: pick(element, { standard: 'class', provider: 'provider', type: 'type' }),
        },
      ];
    case 'op_expression':
      return [{ kind: 'operation', ...pick(element, { id: 'id', name: 'name', interval: 'interval' }) }];
    case 'rule':
      return [{ kind: 'rule', rule: readRule(reader, element) }];
    default:
      reader.unknown(element, parent.name);
      return [];
  }
}

const dateFields = (element: XmlElement): DateFields => ({
  ...pick(element, { id: 'id' }),
  fields: fieldsWithout(element, 'id'),
});
