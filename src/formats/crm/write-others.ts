import type {
  ConstraintDefinition,
  FencingLevel,
  NodeDefinition,
  ResourceSet,
  Tag,
} from '../../model/index.ts';
import { DEGENERATE } from './read-constraints.ts';
import { quote } from './tokens.ts';
import { fieldWords, ruleWords, setsWords, valueWord, wantedSetId } from './write-pairs.ts';

const CONTINUED = ' \\\n    ';

export function nodeLine({ id, uname, type, description, attributes, utilization }: NodeDefinition): string {
  const name = type === undefined ? uname : `${uname}:${type}`;
  return [
    `node ${id === uname ? '' : `${id}: `}${quote(name)}`,
    ...(description === undefined ? [] : [valueWord('description', description)]),
    ...setsWords('attributes', attributes, `nodes-${id}-instance_attributes`),
    ...setsWords('utilization', utilization, `nodes-${id}-utilization`),
  ].join(CONTINUED);
}

export const tagLine = ({ id, references }: Tag): string => `tag ${id}: ${references.map(quote).join(' ')}`;

/** Scores as the shell shows them. */
const scoreWord = (score: string): string =>
  score.replace(/^([+-]?)INFINITY$/, (_, sign: string) => `${sign}inf`);

export function constraintLine(constraint: ConstraintDefinition): string {
  const { kind, id, fields, sets, rules } = constraint;
  switch (kind) {
    case 'location': {
      const { rsc, 'rsc-pattern': pattern, score, node, ...others } = fields;
      const subject =
        sets.length > 0
          ? `{ ${setWords(sets, 'role')} }`
          : pattern === undefined
            ? quote(rsc ?? '')
            : `/${pattern}/`;
      const rest = fieldWords(others);
      const head = ['location', id, subject, rest].filter((word) => word !== '').join(' ');
      if (rules.length === 0) return `${head} ${scoreWord(score ?? '')}: ${quote(node ?? '')}`;
      return [
        head,
        ...rules.map((rule, number) =>
          ['rule', ...ruleWords(rule, wantedSetId(`${id}-rule`, number))].join(' '),
        ),
      ].join(CONTINUED);
    }
    case 'colocation': {
      const {
        score,
        rsc,
        'with-rsc': withResource,
        'rsc-role': role,
        'with-rsc-role': withRole,
        ...others
      } = fields;
      return line(
        ['colocation', id, `${scoreWord(score ?? '')}:`],
        sets,
        'role',
        [end(rsc, role), end(withResource, withRole)],
        others,
      );
    }
    case 'order': {
      const {
        kind: word,
        score,
        first,
        then,
        'first-action': firstAction,
        'then-action': thenAction,
        ...others
      } = fields;
      const strength = word ?? (score === undefined ? undefined : scoreWord(score));
      const head = ['order', id, ...(strength === undefined ? [] : [`${strength}:`])];
      return line(head, sets, 'action', [end(first, firstAction), end(then, thenAction)], others);
    }
    case 'ticket': {
      const { ticket, rsc, 'rsc-role': role, ...others } = fields;
      return line(['rsc_ticket', id, `${ticket ?? ''}:`], sets, 'role', [end(rsc, role)], others);
    }
  }
}

const end = (resource: string | undefined, qualifier: string | undefined): string =>
  `${resource ?? ''}${qualifier === undefined ? '' : `:${qualifier}`}`;

function line(
  head: readonly string[],
  sets: readonly ResourceSet[],
  qualifier: 'role' | 'action',
  ends: readonly string[],
  others: Readonly<Record<string, string>>,
): string {
  const subject = sets.length > 0 ? [setWords(sets, qualifier)] : ends.map(quote);
  const rest = fieldWords(others);
  return [...head, ...subject, ...(rest === '' ? [] : [rest])].join(' ');
}

function setWords(sets: readonly ResourceSet[], qualifier: 'role' | 'action'): string {
  const words = sets.map(({ fields, resources }) => {
    const { [qualifier]: qualified, sequential, 'require-all': all, ...others } = fields;
    const members = resources.map((resource) => end(resource, qualified)).join(' ');
    const rest = fieldWords(others);
    const inside = rest === '' ? members : `${members} ${rest}`;
    if (all === 'false') return sequential === 'false' ? `[ ${inside} ]` : `[ ${inside} sequential=true ]`;
    return sequential === 'false' ? `( ${inside} )` : inside;
  });
  const isPlain = sets.every(
    ({ fields }) => fields['sequential'] !== 'false' && fields['require-all'] !== 'false',
  );
  const count = sets.reduce((sum, { resources }) => sum + resources.length, 0);
  return [...(isPlain && count <= 2 ? [DEGENERATE] : []), ...words].join(' ');
}

/** All levels in one statement, target by target. */
export function levelLine(levels: readonly FencingLevel[]): string {
  const words: string[] = [];
  let last: string | undefined;
  for (const { target, targetPattern, targetAttribute, targetValue, devices } of levels) {
    const name =
      target !== undefined
        ? `${target}:`
        : targetPattern !== undefined
          ? `pattern:${targetPattern}`
          : `attr:${targetAttribute ?? ''}=${targetValue ?? ''}`;
    if (name !== last) words.push(`${CONTINUED.trimStart()}${quote(name)}`);
    last = name;
    words.push(devices.join(','));
  }
  return `fencing_topology ${words.join(' ')}`;
}
