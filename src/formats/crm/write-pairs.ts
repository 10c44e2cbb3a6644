import type { Expression, Pair, PairSet, Rule } from '../../model/index.ts';
import { quote } from './tokens.ts';

const CONTINUED = ' \\\n    ';

/** The words of a set after its keyword; ids only where reading would not give the same. */
function words(set: PairSet, wantedId: string): readonly string[] {
  if (set.idRef !== undefined) return [quote(`$id-ref=${set.idRef}`)];
  return [
    ...(set.id === undefined || set.id === wantedId ? [] : [quote(`$id=${set.id}`)]),
    ...(set.score === undefined ? [] : [`${scoreWord(set.score)}:`]),
    ...(set.rule === undefined ? [] : ['rule', ...ruleWords(withoutScore(set.rule), `${set.id ?? ''}-rule`)]),
    ...set.pairs.map((pair) => pairWord(pair, set.id ?? '')),
  ];
}

/** Where it goes without saying. */
const withoutScore = ({ score, ...rule }: Rule): Rule =>
  score === undefined || score === 'INFINITY' ? rule : { ...rule, score };

const scoreWord = (score: string): string =>
  score.replace(/^([+-]?)INFINITY$/, (_, sign: string) => `${sign}inf`);

/** The `number`th set of its kind has this id where nobody gave another. */
export const wantedSetId = (base: string, number: number): string =>
  number === 0 ? base : `${base}-${number}`;

export const setsWords = (keyword: string, sets: readonly PairSet[], base: string): readonly string[] =>
  sets.map((set, number) => [keyword, ...words(set, wantedSetId(base, number))].join(' '));

export const setWords = (keyword: string, set: PairSet, wantedId: string): string => {
  const [first = '', ...rest] = words(set, set.id ?? wantedId);
  return set.idRef !== undefined
    ? `${keyword} ${first}`
    : [
        `${keyword} ${set.id === undefined || set.id === wantedId ? '' : `${set.id}: `}`.trimEnd(),
        first,
        ...rest,
      ]
        .filter((word) => word !== '')
        .join(CONTINUED);
};

function pairWord({ id, idRef, name, value }: Pair, setId: string): string {
  if (idRef !== undefined) return quote(`@${idRef}${name === undefined ? '' : `:${name}`}`);
  const named = id === `${setId}-${name ?? ''}`.replace(/[^\w.-]/g, '_') ? '' : `$${id ?? ''}:`;
  return valueWord(`${named}${name ?? ''}`, value);
}

/** Only the value in quotes, as people write it. */
export const valueWord = (name: string, value: string | undefined): string =>
  value === undefined ? quote(name) : `${quote(name)}=${value === '' ? '' : quote(value)}`;

export function ruleWords(rule: Rule, wantedId: string): readonly string[] {
  if (rule.idRef !== undefined) return [quote(`$id-ref=${rule.idRef}`)];
  const score = rule.score === undefined ? rule.scoreAttribute : scoreWord(rule.score);
  return [
    ...(rule.id === undefined || rule.id === wantedId ? [] : [quote(`$id=${rule.id}`)]),
    ...(rule.role === undefined ? [] : [`$role=${quote(rule.role)}`]),
    ...(score === undefined ? [] : [`${score}:`]),
    rule.expressions.map(expressionWords).join(` ${rule.booleanOp ?? 'and'} `),
  ];
}

function expressionWords(expression: Expression): string {
  switch (expression.kind) {
    case 'attribute': {
      const { attribute, operation, value, type } = expression;
      if (operation === 'defined' || operation === 'not_defined') return `${operation} ${quote(attribute)}`;
      return `${quote(attribute)} ${type === undefined ? '' : `${type}:`}${operation} ${quote(value ?? '')}`;
    }
    case 'date': {
      const { operation, start, end, duration, spec } = expression;
      if (operation === 'lt') return `date lt ${quote(end ?? '')}`;
      if (operation === 'gt') return `date gt ${quote(start ?? '')}`;
      if (operation === 'date_spec') return `date spec ${fieldWords(spec?.fields)}`;
      return `date in ${fieldWords({
        ...(start === undefined ? {} : { start }),
        ...(end === undefined ? {} : { end }),
        ...duration?.fields,
      })}`;
    }
    case 'resource':
    case 'operation':
    case 'rule':
      // There are no words for these; the whole part is written as XML.
      return 'defined';
  }
}

export const fieldWords = (fields: Readonly<Record<string, string>> | undefined): string =>
  Object.entries(fields ?? {})
    .map(([name, value]) => valueWord(name, value))
    .join(' ');
