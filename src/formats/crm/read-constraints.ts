import type { ConstraintDefinition, ResourceSet, Rule } from '../../model/index.ts';
import type { Ids } from './ids.ts';
import { isNumericScore, readRule, scoreText } from './read-pairs.ts';
import type { Cursor, Token } from './tokens.ts';

type Fields = Record<string, string>;

/** `name=value` words, wherever they stand among the others. */
function takeFields(cursor: Cursor, fields: Fields): void {
  for (let match = cursor.match(FIELD); match !== undefined; match = cursor.match(FIELD))
    fields[match[1] ?? ''] = match[2] ?? '';
}
const FIELD = /^([a-z][\w-]*)=([\s\S]*)$/;

/** `location ID RESOURCE [name=value] SCORE: NODE` or `... rule ...`. */
export function readLocation(cursor: Cursor, ids: Ids): ConstraintDefinition {
  const id = ids.keep(cursor.take('the name of the constraint').text);
  const fields: Fields = {};
  let sets: readonly ResourceSet[] = [];
  if (cursor.next?.text.startsWith('{') === true)
    sets = readSets(cursor, ids, id, bracedWords(cursor), 'role');
  else {
    const resource = cursor.take('a resource').text;
    const pattern = /^\/(.*)\/$/.exec(resource)?.[1];
    if (pattern === undefined) fields['rsc'] = resource;
    else fields['rsc-pattern'] = pattern;
  }
  takeFields(cursor, fields);
  const rules: Rule[] = [];
  while (cursor.accept('rule')) rules.push(readRule(cursor, ids, `${id}-rule`, true));
  if (rules.length === 0) {
    const score = cursor.match(/^([+-]?\w+):$/)?.[1];
    if (score === undefined) return cursor.fail('a score with a colon, or a rule, is missing');
    if (!isNumericScore(score)) cursor.fail(`'${score}' is no score`, cursor.tokens[cursor.position - 1]);
    fields['score'] = scoreText(score);
    fields['node'] = cursor.take('a node').text;
  }
  takeFields(cursor, fields);
  cursor.end();
  return { kind: 'location', id, fields, sets, rules };
}

function bracedWords(cursor: Cursor): readonly Token[] {
  const words: Token[] = [];
  for (;;) {
    const token = cursor.take("the closing '}'");
    const text = token.text.replace(/^\{/, '').replace(/\}$/, '');
    if (text !== '') words.push({ ...token, text });
    if (token.text.endsWith('}')) return words;
  }
}

/** `colocation ID SCORE: RESOURCE[:ROLE] WITH[:ROLE]`, or sets. */
export function readColocation(cursor: Cursor, ids: Ids): ConstraintDefinition {
  const id = ids.keep(cursor.take('the name of the constraint').text);
  const score = cursor.match(/^([+-]?\w+):$/)?.[1];
  if (score === undefined || !isNumericScore(score)) return cursor.fail('a score with a colon is missing');
  return finish(cursor, ids, 'colocation', id, { score: scoreText(score) }, ['rsc', 'with-rsc'], 'role');
}

/** `order ID [KIND:|SCORE:] FIRST[:ACTION] THEN[:ACTION]`, or sets. */
export function readOrder(cursor: Cursor, ids: Ids): ConstraintDefinition {
  const id = ids.keep(cursor.take('the name of the constraint').text);
  const word = cursor.match(/^([+-]?\w+):$/)?.[1];
  const kind = ['Mandatory', 'Optional', 'Serialize'].find(
    (known) => known.toLowerCase() === word?.toLowerCase(),
  );
  if (word !== undefined && kind === undefined && !isNumericScore(word))
    cursor.fail(
      `'${word}' is no kind of order: Mandatory, Optional, Serialize`,
      cursor.tokens[cursor.position - 1],
    );
  const fields: Fields = word === undefined ? {} : kind === undefined ? { score: scoreText(word) } : { kind };
  return finish(cursor, ids, 'order', id, fields, ['first', 'then'], 'action');
}

/** `rsc_ticket ID TICKET: RESOURCE[:ROLE] ... [loss-policy=..]`. */
export function readTicket(cursor: Cursor, ids: Ids): ConstraintDefinition {
  const id = ids.keep(cursor.take('the name of the constraint').text);
  const ticket = cursor.match(/^(.+):$/)?.[1];
  if (ticket === undefined) return cursor.fail('the name of the ticket with a colon is missing');
  return finish(cursor, ids, 'ticket', id, { ticket }, ['rsc'], 'role');
}

const BRACKET = /^[([]|[)\]]$/;

/** The ends: as many plain words as `ends` has names, otherwise sets. */
function finish(
  cursor: Cursor,
  ids: Ids,
  kind: ConstraintDefinition['kind'],
  id: string,
  fields: Fields,
  ends: readonly string[],
  qualifier: 'role' | 'action',
): ConstraintDefinition {
  const words: Token[] = [];
  let depth = 0;
  let hasSets = false;
  while (cursor.next !== undefined) {
    const { text } = cursor.next;
    const match = depth === 0 ? cursor.match(FIELD) : undefined;
    if (match !== undefined) fields[match[1] ?? ''] = match[2] ?? '';
    else {
      if (/^[([]/.test(text)) depth += 1;
      if (/[)\]]$/.test(text)) depth -= 1;
      hasSets ||= BRACKET.test(text) || text === DEGENERATE;
      words.push(cursor.take('a resource'));
    }
  }
  if (words.length === 0) return cursor.fail('the resources are missing');
  if (hasSets || words.length > ends.length)
    return { kind, id, fields, sets: readSets(cursor, ids, id, words, qualifier), rules: [] };
  if (words.length < ends.length) return cursor.fail('a second resource is missing');
  ends.forEach((end, index) => {
    const [resource = '', qualified] = (words[index]?.text ?? '').split(':');
    fields[end] = resource;
    if (qualified !== undefined)
      fields[`${end}-${kind === 'order' ? 'action' : 'role'}`.replace(...ROLE_NAME)] = qualified;
  });
  return { kind, id, fields, sets: [], rules: [] };
}

/** `rsc-role`, `with-rsc-role`, `first-action`, `then-action` are the field's names already. */
const ROLE_NAME = ['--', '-'] as const;

/** Written before sets that would otherwise be taken for two plain ends. */
export const DEGENERATE = '_rsc_set_';

/** `a b:Role ( c d ) [ e f ]`: a change of role or action begins a new set; () is not sequential, [] any one will do. */
function readSets(
  cursor: Cursor,
  ids: Ids,
  constraint: string,
  words: readonly Token[],
  qualifier: 'role' | 'action',
): readonly ResourceSet[] {
  const sets: ResourceSet[] = [];
  let resources: string[] = [];
  let current: string | undefined;
  let opened: Token | undefined;
  let attributes: Fields = {};
  const close = (): void => {
    if (resources.length > 0)
      sets.push({
        id: ids.fresh(`${constraint}-${sets.length}`),
        fields: { ...attributes, ...(current === undefined ? {} : { [qualifier]: current }) },
        resources,
      });
    resources = [];
    current = undefined;
  };
  for (const token of words.flatMap(splitBrackets)) {
    const { text } = token;
    const field = FIELD.exec(text);
    if (text === DEGENERATE) continue;
    if (text === '(' || text === '[') {
      if (opened !== undefined) cursor.fail('sets cannot be nested', token);
      close();
      opened = token;
      attributes = { sequential: 'false', ...(text === '[' ? { 'require-all': 'false' } : {}) };
    } else if (text === ')' || text === ']') {
      if (opened?.text !== (text === ')' ? '(' : '['))
        cursor.fail(`nothing is open that '${text}' could close`, token);
      if (resources.length === 0) cursor.fail('an empty set', token);
      close();
      opened = undefined;
      attributes = {};
    } else if (field !== null) setField(attributes, field[1] ?? '', field[2] ?? '');
    else {
      const [resource = '', wanted] = text.split(':');
      if (resources.length > 0 && wanted !== current) close();
      current = wanted;
      resources.push(resource);
    }
  }
  if (opened !== undefined) cursor.fail('this set is not closed', opened);
  close();
  return sets;
}

/** What a bracket says is said by its absence where it is true: `[ a b sequential=true ]`. */
function setField(attributes: Fields, name: string, value: string): void {
  if ((name === 'sequential' || name === 'require-all') && value === 'true')
    Reflect.deleteProperty(attributes, name);
  else attributes[name] = value;
}

function splitBrackets(token: Token): readonly Token[] {
  const parts = /^([([]?)(.*?)([)\]]?)$/.exec(token.text)?.slice(1) ?? [token.text];
  return parts.filter((part) => part !== '').map((text) => ({ ...token, text }));
}
