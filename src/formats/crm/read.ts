import type {
  CloneDefinition,
  ClusterDocument,
  Configuration,
  GroupDefinition,
  NodeDefinition,
  PrimitiveDefinition,
  ResourceDefinition,
} from '../../model/index.ts';
import { readCib, type ReadResult } from '../cib/index.ts';
import { emptyConfiguration, type DraftConfiguration } from './empty.ts';
import { Ids } from './ids.ts';
import { readColocation, readLocation, readOrder, readTicket } from './read-constraints.ts';
import { readLevels, readTag } from './read-others.ts';
import { readPairSet } from './read-pairs.ts';
import { readParts, readPrimitive, readTemplate } from './read-resources.ts';
import { CrmSyntaxError, Cursor, statements, type Statement } from './tokens.ts';

/**
 * Reads a configuration in the crm shell's syntax, as `crm configure show` prints it (crmsh 4.4). A text with a mistake
 * gives one finding with its line and column, and nothing else.
 */
export function readCrm(text: string): ReadResult {
  const configuration = emptyConfiguration();
  const ids = new Ids();
  try {
    for (const statement of statements(text)) read(configuration, ids, statement);
  } catch (error) {
    if (!(error instanceof CrmSyntaxError)) throw error;
    const { line, column, message } = error;
    return {
      ok: false,
      finding: {
        code: 'syntax_error',
        place: `line ${line}, column ${column}`,
        message: `This is not the crm shell's syntax: ${message}.`,
        line,
        column,
      },
    };
  }
  const document: ClusterDocument = { fields: {}, configuration, nodes: [], tickets: [] };
  return { ok: true, document, findings: [] };
}

function read(configuration: DraftConfiguration, ids: Ids, statement: Statement): void {
  const cursor = new Cursor(statement.tokens);
  const keyword = cursor.take('a keyword');
  switch (keyword.text) {
    case 'node':
      configuration.nodes.push(readNode(cursor, ids));
      return;
    case 'primitive':
      configuration.resources.push(readPrimitive(cursor, ids));
      return;
    case 'rsc_template':
      configuration.templates.push(readTemplate(cursor, ids));
      return;
    case 'group':
      configuration.resources.push(readGroup(cursor, ids, configuration));
      return;
    case 'clone':
    case 'ms':
    case 'master':
      configuration.resources.push(readClone(cursor, ids, configuration, keyword.text !== 'clone'));
      return;
    case 'location':
      configuration.constraints.push(readLocation(cursor, ids));
      return;
    case 'colocation':
    case 'collocation':
      configuration.constraints.push(readColocation(cursor, ids));
      return;
    case 'order':
      configuration.constraints.push(readOrder(cursor, ids));
      return;
    case 'rsc_ticket':
      configuration.constraints.push(readTicket(cursor, ids));
      return;
    case 'property':
      configuration.properties.push(readDefaults(cursor, ids, 'cib-bootstrap-options'));
      return;
    case 'rsc_defaults':
      configuration.resourceDefaults.push(readDefaults(cursor, ids, 'rsc-options'));
      return;
    case 'op_defaults':
      configuration.operationDefaults.push(readDefaults(cursor, ids, 'op-options'));
      return;
    case 'fencing_topology':
      configuration.fencingLevels.push(...readLevels(cursor, ids, configuration.nodes));
      return;
    case 'tag':
      configuration.tags.push(readTag(cursor, ids));
      return;
    case 'xml':
      readFragment(configuration, statement, cursor);
      return;
    default:
      cursor.fail(`'${keyword.text}' is no statement of a configuration`, keyword);
  }
}

/** `node [$id=ID | ID:] NAME[:TYPE] [attributes ...] [utilization ...]` */
function readNode(cursor: Cursor, ids: Ids): NodeDefinition {
  const id = cursor.match(/^\$id=(.+)$/)?.[1] ?? cursor.match(/^(.+):$/)?.[1];
  const [uname = '', type] = cursor.take('the name of the node').text.split(':');
  const { lists, description } = readParts(cursor, ids, `nodes-${id ?? uname}`, 'attributes');
  return {
    id: id ?? uname,
    uname,
    ...(type === undefined ? {} : { type }),
    ...(description === undefined ? {} : { description }),
    attributes: lists.attributes,
    utilization: lists.utilization,
  };
}

/** Takes a resource that was defined before, or names what is missing. */
function claim(cursor: Cursor, configuration: DraftConfiguration): ResourceDefinition {
  const token = cursor.take('a resource');
  const index = configuration.resources.findIndex(({ id }) => id === token.text);
  const [found] = index < 0 ? [] : configuration.resources.splice(index, 1);
  return (
    found ?? cursor.fail(`no resource '${token.text}' is defined before this, or it is used already`, token)
  );
}

function readGroup(cursor: Cursor, ids: Ids, configuration: DraftConfiguration): GroupDefinition {
  const id = ids.keep(cursor.take('the name of the group').text);
  const members: PrimitiveDefinition[] = [];
  while (configuration.resources.some((resource) => resource.id === cursor.next?.text)) {
    const token = cursor.next;
    const member = claim(cursor, configuration);
    if (member.kind !== 'primitive') return cursor.fail(`'${member.id}' is no primitive`, token);
    members.push(member);
  }
  const unknown = cursor.next;
  if (unknown !== undefined && /^[\w.-]+$/.test(unknown.text) && !['meta', 'params'].includes(unknown.text))
    claim(cursor, configuration);
  const { lists, description } = readParts(cursor, ids, id, 'params');
  return {
    kind: 'group',
    id,
    ...(description === undefined ? {} : { description }),
    meta: lists.meta,
    parameters: lists.params,
    members,
  };
}

function readClone(
  cursor: Cursor,
  ids: Ids,
  configuration: DraftConfiguration,
  isMaster: boolean,
): CloneDefinition {
  const id = ids.keep(cursor.take('the name of the clone').text);
  const token = cursor.next;
  const child = claim(cursor, configuration);
  if (child.kind === 'clone') return cursor.fail(`'${child.id}' is a clone itself`, token);
  const { lists, description } = readParts(cursor, ids, id, 'params');
  return {
    kind: 'clone',
    id,
    isMaster,
    ...(description === undefined ? {} : { description }),
    meta: lists.meta,
    parameters: lists.params,
    child,
  };
}

/** `property [$id=ID | ID:] [score:] [rule] name=value ...` */
function readDefaults(cursor: Cursor, ids: Ids, wantedId: string) {
  const named = cursor.match(/^([A-Za-z_][\w.-]*):$/)?.[1];
  const set = readPairSet(cursor, named === undefined ? ids : new Ids(), named ?? wantedId);
  if (named !== undefined) ids.keep(named);
  cursor.end();
  return set;
}

const WRAPPERS: Readonly<Record<string, string>> = {
  primitive: 'resources',
  template: 'resources',
  group: 'resources',
  clone: 'resources',
  master: 'resources',
  node: 'nodes',
  rsc_location: 'constraints',
  rsc_colocation: 'constraints',
  rsc_order: 'constraints',
  rsc_ticket: 'constraints',
  cluster_property_set: 'crm_config',
  tag: 'tags',
};

/** `xml <...>`: a part that the syntax has no words for, as it stands in a CIB. */
function readFragment(configuration: DraftConfiguration, { raw }: Statement, cursor: Cursor): void {
  const xml = raw.replace(/^\s*xml\s+/, '').trim();
  const name = /^<([\w-]+)/.exec(xml)?.[1] ?? '';
  const wrapper = WRAPPERS[name];
  const inside = wrapper === undefined ? xml : `<${wrapper}>${xml}</${wrapper}>`;
  const result = readCib(`<cib><configuration>${inside}</configuration></cib>`);
  const [finding] = result.ok ? result.findings : [result.finding];
  if (!result.ok || finding !== undefined)
    return cursor.fail(`the XML cannot be read: ${finding?.message ?? ''}`, cursor.tokens[0]);
  const found = result.document.configuration;
  for (const part of Object.keys(configuration) as (keyof Configuration)[])
    (configuration[part] as unknown[]).push(...found[part]);
}
