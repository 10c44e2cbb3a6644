import { createHash } from 'node:crypto';

import { unpack } from '../../../../src/engine/scheduler/unpack/unpack.ts';
import type { Node } from '../../../../src/engine/scheduler/unpack/node.ts';
import type { Resource } from '../../../../src/engine/scheduler/unpack/resource.ts';
import type { Unpacked } from '../../../../src/engine/scheduler/unpack/unpacked.ts';
import type {
  HistoryEntry,
  NodeHistory,
  OperationDefinition,
  PairSet,
  PrimitiveDefinition,
  ResourceDefinition,
} from '../../../../src/model/index.ts';

export const NOW = 1_700_000_000;

export type Fields = Readonly<Record<string, string>>;

const ONLINE: Fields = { in_ccm: 'true', crmd: 'online', join: 'member', expected: 'member' };
export const LOST: Fields = { in_ccm: 'false', crmd: 'offline', join: 'down', expected: 'member' };
export const LEFT: Fields = { in_ccm: 'false', crmd: 'offline', join: 'down', expected: 'down' };

/** What one node has to tell; a node that is not mentioned is online and has done nothing. */
export interface NodeStory {
  readonly state?: Fields;
  readonly attributes?: Fields;
  /** Records by the name of the resource. */
  readonly history?: Readonly<Record<string, readonly HistoryEntry[]>>;
  /** Fields of the records' lists, by the name of the resource. */
  readonly fields?: Readonly<Record<string, Fields>>;
}

export interface Story {
  readonly properties?: Fields;
  readonly resources: readonly ResourceDefinition[];
  readonly nodes: Readonly<Record<string, NodeStory>>;
  readonly cluster?: Fields;
}

function set(id: string, values: Fields): readonly PairSet[] {
  return [{ id, pairs: Object.entries(values).map(([name, value]) => ({ name, value })) }];
}

export function primitive(
  id: string,
  meta: Fields = {},
  operations: readonly Fields[] = [],
): PrimitiveDefinition {
  return {
    kind: 'primitive',
    id,
    agent: { standard: 'ocf', provider: 'pacemaker', type: 'Stateful' },
    meta: set(`${id}-meta`, meta),
    parameters: [],
    utilization: [],
    operations: operations.map((fields): OperationDefinition => ({ fields, meta: [], parameters: [] })),
  };
}

export function group(
  id: string,
  members: readonly PrimitiveDefinition[],
  meta: Fields = {},
): ResourceDefinition & { kind: 'group' } {
  return { kind: 'group', id, members, meta: set(`${id}-meta`, meta), parameters: [] };
}

export function clone(
  id: string,
  child: PrimitiveDefinition | (ResourceDefinition & { kind: 'group' }),
  meta: Fields = {},
): ResourceDefinition {
  return { kind: 'clone', id, isMaster: false, child, meta: set(`${id}-meta`, meta), parameters: [] };
}

const CONTROLLER = '11111111-1111-1111-1111-111111111111';

export interface Done {
  readonly operation: string;
  /** In the order of execution; -1 for what is under way. */
  readonly call: number;
  readonly exit?: number;
  readonly expected?: number;
  readonly outcome?: number;
  /** Milliseconds. */
  readonly interval?: number;
  /** Seconds before now. */
  readonly age?: number;
  readonly transition?: number;
  readonly id?: string;
  readonly fields?: Fields;
}

/** One record, in the form the executor makes it. */
export function done(resource: string, { operation, call, ...more }: Done): HistoryEntry {
  const { exit = 0, expected = 0, interval = 0, age = 100, transition = 1, fields = {} } = more;
  const outcome = more.outcome ?? (exit === expected ? 0 : 4);
  const key = `1:${transition}:${expected}:${CONTROLLER}`;
  return {
    id: more.id ?? `${resource}_${operation}_${interval}`,
    operation,
    fields: {
      operation_key: `${resource}_${operation}_${interval}`,
      'transition-key': key,
      'transition-magic': `${outcome}:${exit};${key}`,
      'call-id': String(call),
      'rc-code': String(exit),
      'op-status': String(outcome),
      interval: String(interval),
      'last-rc-change': String(NOW - age),
      ...fields,
    },
  };
}

export const notRunning = (resource: string, call = 1): HistoryEntry =>
  done(resource, { operation: 'monitor', call, exit: 7, expected: 7 });

export const started = (resource: string, call = 2): HistoryEntry =>
  done(resource, { operation: 'start', call });

function nodeHistory(name: string, story: NodeStory): NodeHistory {
  return {
    id: name,
    uname: name,
    isRemote: false,
    fields: story.state ?? ONLINE,
    transient: set(`${name}-attributes`, story.attributes ?? {}),
    resources: Object.entries(story.history ?? {}).map(([id, operations]) => ({
      id,
      agent: { standard: 'ocf', provider: 'pacemaker', type: 'Stateful' },
      fields: story.fields?.[id] ?? {},
      operations,
    })),
  };
}

export function read(story: Story): Unpacked {
  const names = Object.keys(story.nodes);
  return unpack({
    document: {
      fields: { crm_feature_set: '3.16.1', 'have-quorum': '1', ...story.cluster },
      configuration: {
        properties: set('properties', story.properties ?? { 'stonith-enabled': 'false' }),
        resourceDefaults: [],
        operationDefaults: [],
        nodes: names.map((uname) => ({ id: uname, uname, attributes: [], utilization: [] })),
        resources: story.resources,
        templates: [],
        constraints: [],
        tags: [],
        fencingLevels: [],
        others: [],
      },
      nodes: names.map((name) => nodeHistory(name, story.nodes[name] ?? {})),
      tickets: [],
    },
    now: NOW,
    utcOffset: 0,
    md5: (text) => createHash('md5').update(text).digest('hex'),
    withScores: false,
  });
}

export function nodeOf({ nodes }: Unpacked, name: string): Node {
  const found = nodes.find((node) => node.name === name);
  if (found === undefined) throw new Error(`no node ${name}`);
  return found;
}

export function resourceOf({ all }: Unpacked, id: string): Resource {
  const found = all.find((resource) => resource.id === id);
  if (found === undefined) throw new Error(`no resource ${id}`);
  return found;
}

export function placesOf(unpacked: Unpacked, id: string): readonly string[] {
  return resourceOf(unpacked, id).runningOn.map(({ name }) => name);
}
