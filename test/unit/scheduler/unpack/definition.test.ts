import { expect, test } from 'vitest';

import type {
  Configuration,
  OperationDefinition,
  PairSet,
  PrimitiveDefinition,
} from '../../../../src/model/index.ts';
import { createInstance } from '../../../../src/engine/scheduler/unpack/clone.ts';
import { readDefinition } from '../../../../src/engine/scheduler/unpack/definition.ts';
import { operationSettings } from '../../../../src/engine/scheduler/unpack/operation.ts';
import { createOrphan } from '../../../../src/engine/scheduler/unpack/resources.ts';
import { ROLE } from '../../../../src/engine/scheduler/unpack/resource.ts';
import type { Draft, DraftResource } from '../../../../src/engine/scheduler/unpack/draft.ts';

const EMPTY: Configuration = {
  properties: [],
  resourceDefaults: [],
  operationDefaults: [],
  nodes: ['node10', 'node2'].map((name) => ({ id: name, uname: name, attributes: [], utilization: [] })),
  resources: [],
  templates: [],
  constraints: [],
  tags: [],
  fencingLevels: [],
  others: [],
};

function read(configuration: Partial<Configuration>): Draft {
  return readDefinition({
    document: {
      fields: { 'have-quorum': 'true' },
      configuration: { ...EMPTY, ...configuration },
      nodes: [],
      tickets: [],
    },
    now: 0,
    utcOffset: 0,
    md5: (text) => text,
    withScores: false,
  });
}

function set(values: Readonly<Record<string, string>>, more: Partial<PairSet> = {}): PairSet {
  return { pairs: Object.entries(values).map(([name, value]) => ({ name, value })), ...more };
}

function operation(fields: Readonly<Record<string, string>>): OperationDefinition {
  return { fields, meta: [], parameters: [] };
}

function primitive(id: string, parts: Partial<PrimitiveDefinition> = {}): PrimitiveDefinition {
  const agent = { standard: 'ocf', provider: 'linbit', type: 'drbd' };
  const base = { meta: [], parameters: [], utilization: [], operations: [] };
  return { kind: 'primitive', id, agent, ...base, ...parts };
}

function find(draft: Draft, id: string): DraftResource {
  const found = draft.all.find((resource) => resource.id === id);
  if (found === undefined) throw new Error(`no resource '${id}'`);
  return found;
}

test('Sets count by their score; among equals the one written later does', () => {
  const meta = [
    set({ priority: '1', 'is-managed': 'false' }),
    set({ priority: '2' }),
    set({ priority: '3' }, { score: '5' }),
    set({ priority: '#default', critical: 'false' }, { score: '-5' }),
  ];
  const disk = find(read({ resources: [primitive('disk', { meta: meta.slice(0, 3) })] }), 'disk');
  expect(disk).toMatchObject({ priority: 3, isManaged: false, isCritical: true });
  expect(find(read({ resources: [primitive('disk', { meta })] }), 'disk')).toMatchObject({ priority: 0 });
});

test('Members have what their group says, then the defaults, then their own words above all', () => {
  const draft = read({
    resourceDefaults: [set({ 'resource-stickiness': '100', 'failure-timeout': '1min' })],
    resources: [
      {
        kind: 'group',
        id: 'stack',
        meta: [set({ 'resource-stickiness': '7', 'target-role': 'Stopped' })],
        parameters: [set({ device: 'sdb' })],
        members: [primitive('a'), primitive('b', { meta: [set({ 'target-role': 'Started' })] })],
      },
    ],
  });
  expect(find(draft, 'a')).toMatchObject({ stickiness: 7, failureTimeout: 60, nextRole: ROLE.stopped });
  expect(find(draft, 'b')).toMatchObject({ stickiness: 7, nextRole: ROLE.unknown });
  expect(find(draft, 'b').parameters(undefined).get('device')).toBe('sdb');
});

test('A clone has an instance for every node; more of them are orphans', () => {
  const draft = read({
    resources: [
      {
        kind: 'clone',
        id: 'pair',
        isMaster: true,
        meta: [set({ notify: 'true' })],
        parameters: [],
        child: primitive('drbd'),
      },
    ],
  });
  const pair = find(draft, 'pair');
  expect(pair.children.map(({ id }) => id)).toEqual(['drbd:0', 'drbd:1']);
  expect(pair.clone).toMatchObject({ max: 2, nodeMax: 1, promotedMax: 1 });
  expect(find(draft, 'drbd:1')).toMatchObject({
    isPromotable: true,
    isUnique: false,
    wantsNotifications: true,
    stickiness: 1,
  });
  expect(createInstance(draft, pair)).toMatchObject({ id: 'drbd:2', isOrphan: true, index: 3 });
  expect(createOrphan(draft, 'gone', undefined)).toMatchObject({ isOrphan: true, index: 4 });
});

test('A template gives agent and operations; what is said again replaces it', () => {
  const written = [
    operation({ name: 'monitor', interval: '10s' }),
    operation({ name: 'start', timeout: '90' }),
  ];
  const operations = [operation({ name: 'monitor', interval: '30s' })];
  const disk = primitive('disk', { template: 't', agent: { standard: 'ocf', type: 'other' }, operations });
  const draft = read({
    templates: [{ ...primitive('t', { operations: written }), kind: 'template' }],
    resources: [disk],
  });
  expect(find(draft, 'disk').agent?.type).toBe('drbd');
  const found = find(draft, 'disk').operations.map(({ fields }) => fields['interval'] ?? fields['timeout']);
  expect(found).toEqual(['30s', '90']);
  expect(draft.tags.get('t')).toEqual(['disk']);
});

test('Timeouts and failure policies of operations', () => {
  const draft = read({
    operationDefaults: [set({ timeout: '45s' })],
    resources: [
      primitive('disk', {
        operations: [
          operation({ name: 'monitor', interval: '30s', timeout: '5s' }),
          operation({ name: 'monitor', interval: '10s', timeout: '7s', 'on-fail': 'demote' }),
          operation({ name: 'stop', 'on-fail': 'stop' }),
        ],
      }),
    ],
  });
  const disk = find(draft, 'disk');
  const settings = (task: string, interval: number) => operationSettings(draft, disk, task, interval);
  expect(settings('start', 0)).toMatchObject({ timeout: 45_000, needs: 'fencing', onFail: 'recover' });
  expect(settings('monitor', 0)).toMatchObject({ timeout: 7000, definition: undefined, needs: 'nothing' });
  expect(settings('monitor', 10_000)).toMatchObject({ timeout: 7000, onFail: 'recover' });
  expect(settings('stop', 0)).toMatchObject({ timeout: 45_000, onFail: 'fence' });
  expect(settings('promote', 0).failRole).toBe(ROLE.unpromoted);
});

test('Nonsense becomes a finding, and the rest counts', () => {
  const draft = read({
    properties: [set({ 'stonith-enabled': 'perhaps', 'no-quorum-policy': 'freeze' })],
    tags: [{ id: 'all', references: ['disk', 'nothing'] }],
    resources: [
      primitive('disk', { meta: [set({ priority: '9999999', 'is-managed': 'maybe' })] }),
      primitive('disk'),
      primitive('lost', { template: 'missing' }),
    ],
  });
  expect(draft.settings).toMatchObject({ stonithEnabled: true, noQuorumPolicy: 'freeze', isQuorate: true });
  expect(draft.resources.map(({ id, priority }) => [id, priority])).toEqual([['disk', 1_000_000]]);
  expect(draft.nodes.map(({ name }) => name)).toEqual(['node2', 'node10']);
  expect(draft.findings.map(({ code, place }) => `${code} ${place}`)).toEqual([
    "bad_value property 'stonith-enabled'",
    "duplicate_id resource 'disk'",
    "unknown_reference tag 'all'",
    "number_out_of_range resource 'disk' priority",
    "bad_value resource 'disk' is-managed",
    "invalid_resource resource 'disk'",
    "invalid_resource resource 'lost'",
    "invalid_resource resource 'lost'",
  ]);
});
