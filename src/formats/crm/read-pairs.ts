import type { DateFields, Expression, Pair, PairSet, Rule } from '../../model/index.ts';
import type { Ids } from './ids.ts';
import type { Cursor } from './tokens.ts';

/** Where a list of pairs ends: at one of these words. */
export const LIST_WORDS = new Set([
  'params',
  'meta',
  'utilization',
  'attributes',
  'operations',
  'op',
  'op_params',
  'op_meta',
]);

export const SCORE = /^([+-]?(?:inf|infinity|\d+)|[A-Za-z_#][\w.#-]*):$/i;

const INFINITE = /^([+-]?)inf(?:inity)?$/i;

/** `inf` and `infinity` in any letters are INFINITY. */
export const scoreText = (text: string): string => {
  const match = INFINITE.exec(text);
  return match === null ? text : `${match[1] === '-' ? '-' : match[1] === '+' ? '+' : ''}INFINITY`;
};

export const isNumericScore = (text: string): boolean => /^[+-]?(inf(inity)?|\d+)$/i.test(text);

/** `[$id=..] [score:] [rule ..] name=value ...`, or `$id-ref=..`, up to the next list's word. */
export function readPairSet(cursor: Cursor, ids: Ids, wantedId: string): PairSet {
  const reference = cursor.match(/^\$id-ref=(.+)$/);
  if (reference !== undefined) return { idRef: reference[1] ?? '', pairs: [] };
  const given = cursor.match(/^\$id=(.+)$/)?.[1];
  const id = given === undefined ? ids.fresh(wantedId) : ids.keep(given);
  const score = cursor.match(/^([+-]?(?:inf|infinity|\d+)):$/i)?.[1];
  const rule = cursor.accept('rule') ? withScore(readRule(cursor, ids, `${id}-rule`, false)) : undefined;
  const pairs: Pair[] = [];
  while (cursor.next !== undefined && (cursor.next.isQuoted || !LIST_WORDS.has(cursor.next.text)))
    pairs.push(readPair(cursor, ids, id));
  return {
    id,
    ...(score === undefined ? {} : { score: scoreText(score) }),
    ...(rule === undefined ? {} : { rule }),
    pairs,
  };
}

/** A CIB's schema wants a score on every rule; in a list of pairs it says no more than that the rule counts. */
const withScore = (rule: Rule): Rule =>
  rule.idRef === undefined && rule.score === undefined && rule.scoreAttribute === undefined
    ? { ...rule, score: 'INFINITY' }
    : rule;

function readPair(cursor: Cursor, ids: Ids, setId: string): Pair {
  const token = cursor.take('name=value');
  const reference = /^@([^:]+)(?::(.+))?$/.exec(token.text);
  if (reference !== null && !token.text.includes('='))
    return {
      idRef: reference[1] ?? '',
      ...(reference[2] === undefined ? {} : { name: reference[2] }),
    };
  const [, id, name, value] = /^(?:\$([^:=]+):)?([^=]+)(?:=([\s\S]*))?$/.exec(token.text) ?? [];
  if (name === undefined) return cursor.fail(`'${token.text}' is not of the form name=value`, token);
  // `$name=value`: the name is the pair's id as well.
  const isNamed = id === undefined && name.startsWith('$');
  const plain = isNamed ? name.slice(1) : name;
  const written = isNamed ? plain : id;
  return {
    id: written === undefined ? ids.fresh(`${setId}-${plain}`) : ids.keep(written),
    name: plain,
    ...(value === undefined ? {} : { value }),
  };
}

const BINARY = new Set(['lt', 'gt', 'lte', 'gte', 'eq', 'ne']);

/** After the word `rule`. Constraints' rules have a score, or the name of an attribute that holds it. */
export function readRule(cursor: Cursor, ids: Ids, wantedId: string, needsScore: boolean): Rule {
  const reference = cursor.match(/^\$id-ref=(.+)$/);
  if (reference !== undefined) return { idRef: reference[1] ?? '', expressions: [] };
  const given = cursor.match(/^\$id=(.+)$/)?.[1];
  const id = given === undefined ? ids.fresh(wantedId) : ids.keep(given);
  const role = cursor.match(/^\$?role=(.+)$/)?.[1];
  const score = cursor.match(SCORE)?.[1];
  if (needsScore && score === undefined) cursor.fail('a rule begins with its score and a colon');
  const expressions: Expression[] = [];
  const words = new Set<string>();
  do expressions.push(readExpression(cursor, ids, id));
  while (acceptBoolean(cursor, words));
  if (words.size > 1) cursor.fail("'and' and 'or' cannot be mixed in one rule");
  const [booleanOp] = words;
  return {
    id,
    ...(role === undefined ? {} : { role }),
    ...(score === undefined
      ? {}
      : isNumericScore(score)
        ? { score: scoreText(score) }
        : { scoreAttribute: score }),
    ...(booleanOp === undefined ? {} : { booleanOp }),
    expressions,
  };
}

function acceptBoolean(cursor: Cursor, words: Set<string>): boolean {
  const word = cursor.match(/^(and|or)$/)?.[1];
  if (word === undefined) return false;
  words.add(word);
  return true;
}

function readExpression(cursor: Cursor, ids: Ids, ruleId: string): Expression {
  const id = ids.fresh(`${ruleId}-expression`);
  if (cursor.accept('date')) return readDate(cursor, ids, id);
  const unary = cursor.match(/^(defined|not_defined)$/)?.[1];
  if (unary !== undefined)
    return { kind: 'attribute', id, attribute: cursor.take('an attribute').text, operation: unary };
  const attribute = cursor.take('an attribute').text;
  const token = cursor.take('an operator');
  const [, type, operation] = /^(?:(string|version|number|integer):)?(\w+)$/.exec(token.text) ?? [];
  if (operation === undefined || !BINARY.has(operation))
    return cursor.fail(`'${token.text}' is no operator: lt, gt, lte, gte, eq, ne`, token);
  return {
    kind: 'attribute',
    id,
    attribute,
    operation,
    value: cursor.take('a value').text,
    ...(type === undefined ? {} : { type }),
  };
}

function readDate(cursor: Cursor, ids: Ids, id: string): Expression {
  const token = cursor.take('lt, gt, in or spec');
  switch (token.text) {
    case 'lt':
      return { kind: 'date', id, operation: 'lt', end: cursor.take('a date').text };
    case 'gt':
      return { kind: 'date', id, operation: 'gt', start: cursor.take('a date').text };
    case 'in':
    case 'in_range': {
      const start = cursor.match(/^start=(.+)$/)?.[1];
      const end = cursor.match(/^end=(.+)$/)?.[1];
      const duration = end === undefined ? readFields(cursor, ids, `${id}-duration`) : undefined;
      return {
        kind: 'date',
        id,
        operation: 'in_range',
        ...(start === undefined ? {} : { start }),
        ...(end === undefined ? {} : { end }),
        ...(duration === undefined ? {} : { duration }),
      };
    }
    case 'spec':
    case 'date_spec': {
      const spec = readFields(cursor, ids, `${id}-date_spec`);
      if (spec === undefined) return cursor.fail('a date specification has at least one field');
      return { kind: 'date', id, operation: 'date_spec', spec };
    }
    default:
      return cursor.fail(`'${token.text}' is no date operator: lt, gt, in, spec`, token);
  }
}

const DATE_FIELD =
  /^(hours|monthdays|weekdays|yeardays|yearsdays|months|weeks|years|weekyears|moon|minutes|seconds|days)=(.+)$/;

function readFields(cursor: Cursor, ids: Ids, wantedId: string): DateFields | undefined {
  const fields: Record<string, string> = {};
  for (let match = cursor.match(DATE_FIELD); match !== undefined; match = cursor.match(DATE_FIELD))
    fields[match[1] ?? ''] = match[2] ?? '';
  return Object.keys(fields).length === 0 ? undefined : { id: ids.fresh(wantedId), fields };
}
