import type {
  AgentReference,
  OperationDefinition,
  PairSet,
  PrimitiveDefinition,
  TemplateDefinition,
} from '../../model/index.ts';
import type { Ids } from './ids.ts';
import { LIST_WORDS, readPairSet } from './read-pairs.ts';
import type { Cursor, Token } from './tokens.ts';

type Lists = Record<'params' | 'meta' | 'utilization' | 'attributes', PairSet[]>;

interface Parts {
  description?: string;
  readonly lists: Lists;
  readonly operations: OperationDefinition[];
  operationsId?: string;
  operationsIdRef?: string;
}

const SET_NAMES = {
  params: 'instance_attributes',
  meta: 'meta_attributes',
  utilization: 'utilization',
  attributes: 'instance_attributes',
} as const;

/** The lists after the head of a statement; pairs without a word before them belong to `first`. */
export function readParts(cursor: Cursor, ids: Ids, id: string, first: keyof Lists): Parts {
  const parts: Parts = { lists: { params: [], meta: [], utilization: [], attributes: [] }, operations: [] };
  const list = (name: keyof Lists): number =>
    parts.lists[name].push(readPairSet(cursor, ids, `${id}-${SET_NAMES[name]}`));
  while (cursor.next !== undefined) {
    const description = cursor.match(/^description=([\s\S]*)$/);
    if (description !== undefined) parts.description = description[1] ?? '';
    else if (cursor.accept('params')) list('params');
    else if (cursor.accept('meta')) list('meta');
    else if (cursor.accept('utilization')) list('utilization');
    else if (cursor.accept('attributes')) list('attributes');
    else if (cursor.accept('operations')) readOperationsId(cursor, ids, parts);
    else if (cursor.accept('op')) parts.operations.push(readOperation(cursor, ids, id));
    else if (LIST_WORDS.has(cursor.next.text)) cursor.fail(`'${cursor.next.text}' does not belong here`);
    else list(first);
  }
  return parts;
}

function readOperationsId(cursor: Cursor, ids: Ids, parts: Parts): void {
  const reference = cursor.match(/^\$id-ref=(.+)$/)?.[1];
  const id = cursor.match(/^\$id=(.+)$/)?.[1];
  if (reference !== undefined) parts.operationsIdRef = reference;
  else if (id !== undefined) parts.operationsId = ids.keep(id);
  else cursor.fail("'operations' is followed by $id= or $id-ref=");
}

/** What a CIB keeps on `<op>` itself; all else is a parameter of the operation. */
const OPERATION_FIELDS = new Set([
  'interval',
  'timeout',
  'requires',
  'on-fail',
  'role',
  'start-delay',
  'interval-origin',
  'record-pending',
  'enabled',
  'description',
]);

function readOperation(cursor: Cursor, ids: Ids, resource: string): OperationDefinition {
  const reference = cursor.match(/^\$id-ref=(.+)$/)?.[1];
  if (reference !== undefined) return { idRef: reference, fields: {}, meta: [], parameters: [] };
  const given = cursor.match(/^\$id=(.+)$/)?.[1];
  const name = cursor.take('the name of the operation').text;
  const fields: Record<string, string> = { name };
  const loose: Token[] = [];
  while (cursor.next !== undefined && (cursor.next.isQuoted || !LIST_WORDS.has(cursor.next.text))) {
    const token = cursor.take('name=value');
    const [, field, value] = /^([^=]+)=([\s\S]*)$/.exec(token.text) ?? [];
    if (field === undefined || value === undefined)
      return cursor.fail(`'${token.text}' is not of the form name=value`, token);
    if (OPERATION_FIELDS.has(field)) fields[field] = value;
    else loose.push(token);
  }
  fields['interval'] ??= '0s';
  const id = given === undefined ? ids.fresh(`${resource}-${name}-${fields['interval']}`) : ids.keep(given);
  const parameters: PairSet[] = [];
  const meta: PairSet[] = [];
  if (loose.length > 0) parameters.push(pairsOf(loose, ids, `${id}-instance_attributes`));
  for (;;) {
    if (cursor.accept('op_params')) parameters.push(readPairSet(cursor, ids, `${id}-instance_attributes`));
    else if (cursor.accept('op_meta')) meta.push(readPairSet(cursor, ids, `${id}-meta_attributes`));
    else return { id, fields, meta, parameters };
  }
}

function pairsOf(tokens: readonly Token[], ids: Ids, wantedId: string): PairSet {
  const id = ids.fresh(wantedId);
  return {
    id,
    pairs: tokens.map(({ text }) => {
      const end = text.indexOf('=');
      const name = text.slice(0, end);
      return { id: ids.fresh(`${id}-${name}`), name, value: text.slice(end + 1) };
    }),
  };
}

/** `class:provider:type`, `class:type`, `provider:type` (then ocf), or `type` (then ocf:heartbeat). */
export function readAgent(cursor: Cursor, token: Token): AgentReference {
  const [first = '', second, third, ...more] = token.text.split(':');
  if (more.length > 0 || [first, second, third].includes(''))
    return cursor.fail(`'${token.text}' is not of the form class:provider:type`, token);
  if (third !== undefined) return { standard: first, provider: second ?? '', type: third };
  if (second === undefined) return { standard: 'ocf', provider: 'heartbeat', type: first };
  return STANDARDS.has(first)
    ? { standard: first, type: second }
    : { standard: 'ocf', provider: first, type: second };
}

export const STANDARDS: ReadonlySet<string> = new Set([
  'lsb',
  'systemd',
  'upstart',
  'service',
  'stonith',
  'heartbeat',
  'nagios',
]);

export function readPrimitive(cursor: Cursor, ids: Ids): PrimitiveDefinition {
  return { kind: 'primitive', ...primitiveParts(cursor, ids) };
}

export function readTemplate(cursor: Cursor, ids: Ids): TemplateDefinition {
  return { kind: 'template', ...primitiveParts(cursor, ids) };
}

function primitiveParts(cursor: Cursor, ids: Ids): Omit<PrimitiveDefinition, 'kind'> {
  const id = ids.keep(cursor.take('the name of the resource').text);
  const token = cursor.take('the agent');
  const template = token.text.startsWith('@') ? token.text.slice(1) : undefined;
  const agent = template === undefined ? readAgent(cursor, token) : undefined;
  const { lists, operations, description, operationsId, operationsIdRef } = readParts(
    cursor,
    ids,
    id,
    'params',
  );
  return {
    id,
    ...(agent === undefined ? {} : { agent }),
    ...(template === undefined ? {} : { template }),
    ...(description === undefined ? {} : { description }),
    meta: lists.meta,
    parameters: lists.params,
    utilization: lists.utilization,
    operations,
    ...(operationsId === undefined ? {} : { operationsId }),
    ...(operationsIdRef === undefined ? {} : { operationsIdRef }),
  };
}
