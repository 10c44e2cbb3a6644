import { createHash } from 'node:crypto';
import type {
  ClusterDocument,
  HistoryEntry,
  NodeHistory,
  PrimitiveDefinition,
  ResourceDefinition,
  ResourceHistory,
} from '../../../src/model/index.ts';
import { readCrm } from '../../../src/formats/crm/index.ts';

/**
 * Two nodes; all of it runs on the first, which is lost without a word. What is to be decided: fence it, then bring
 * everything up on the second.
 */
export const shapes = {
  /** One mirror and one group of volume group, target, LUNs and address. */
  group: (luns: number): ClusterDocument => lost(groupText(luns)),
  /** As above, but the LUNs start side by side: one set between target and address. */
  set: (luns: number): ClusterDocument => lost(setText(luns)),
  /** As many mirrors as asked for, each with volume group, target, LUN and address. */
  stacks: (count: number): ClusterDocument => lost(stacksText(count)),
} as const;

export type Shape = keyof typeof shapes;

const NODES = ['node-a', 'node-b'] as const;

const head = [
  ...NODES.map((node, index) => `node ${index + 1}: ${node}`),
  ...NODES.map((node) => `primitive fence-${node} stonith:fence_ipmilan params pcmk_host_list=${node}`),
  ...NODES.map((node) => `location fence-${node}-away fence-${node} -inf: ${node}`),
];

const tail = [
  'property stonith-enabled=true no-quorum-policy=ignore',
  'rsc_defaults resource-stickiness=100',
];

const mirror = (name: string): readonly string[] => [
  `primitive drbd${name} ocf:linbit:drbd params drbd_resource=r${name} op monitor interval=20s role=Promoted op monitor interval=30s role=Unpromoted`,
  `clone mirror${name} drbd${name} meta promotable=true clone-max=2 notify=true interleave=true`,
];

const lun = (name: string): string =>
  `primitive lun${name} ocf:heartbeat:iSCSILogicalUnit params lun=${name.replace(/\D/g, '')} path=/dev/vg/${name} op monitor interval=20s`;

const part = (name: string, agent: string): string =>
  `primitive ${name} ocf:heartbeat:${agent} params name=${name} op monitor interval=20s`;

const numbers = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => String(index + 1));

const luns = (count: number): readonly string[] => numbers(count).map((number) => `lun${number}`);

const groupText = (count: number): readonly string[] => [
  ...mirror('1'),
  part('vg1', 'LVM-activate'),
  part('target1', 'iSCSITarget'),
  ...numbers(count).map(lun),
  part('ip1', 'IPaddr2'),
  `group san1 vg1 target1 ${luns(count).join(' ')} ip1`,
  'colocation san1-with-mirror1 inf: san1 mirror1:Promoted',
  'order mirror1-before-san1 Mandatory: mirror1:promote san1:start',
];

const setText = (count: number): readonly string[] => [
  ...mirror('1'),
  part('vg1', 'LVM-activate'),
  part('target1', 'iSCSITarget'),
  ...numbers(count).map(lun),
  part('ip1', 'IPaddr2'),
  'colocation vg1-with-mirror1 inf: vg1 mirror1:Promoted',
  `colocation together inf: ip1 ( ${luns(count).join(' ')} ) target1 vg1`,
  'order mirror1-before-vg1 Mandatory: mirror1:promote vg1:start',
  `order one-after-another Mandatory: vg1 target1 ( ${luns(count).join(' ')} ) ip1`,
];

const stacksText = (count: number): readonly string[] =>
  numbers(count).flatMap((number) => [
    ...mirror(number),
    part(`vg${number}`, 'LVM-activate'),
    part(`target${number}`, 'iSCSITarget'),
    lun(number),
    part(`ip${number}`, 'IPaddr2'),
    `group san${number} vg${number} target${number} lun${number} ip${number}`,
    `colocation san${number}-with-mirror inf: san${number} mirror${number}:Promoted`,
    `order mirror${number}-before-san Mandatory: mirror${number}:promote san${number}:start`,
  ]);

function lost(text: readonly string[]): ClusterDocument {
  const result = readCrm([...head, ...text, ...tail].join('\n'));
  if (!result.ok) throw new Error(`${result.finding.place}: ${result.finding.message}`);
  const { document } = result;
  return {
    ...document,
    fields: {
      crm_feature_set: '3.16.1',
      'validate-with': 'pacemaker-3.7',
      'have-quorum': '1',
      'dc-uuid': '2',
      epoch: '1',
      num_updates: '0',
      admin_epoch: '0',
    },
    nodes: [history(document, 1), history(document, 2)],
  };
}

function primitivesOf(resource: ResourceDefinition): readonly PrimitiveDefinition[] {
  switch (resource.kind) {
    case 'primitive':
      return [resource];
    case 'group':
      return resource.members;
    case 'clone':
      return primitivesOf(resource.child);
  }
}

/** Node 1 ran everything and is gone; node 2 runs the other instances and the fence device of node 1. */
function history({ configuration }: ClusterDocument, id: 1 | 2): NodeHistory {
  const uname = NODES[id - 1] ?? '';
  const resources = configuration.resources.flatMap(primitivesOf);
  const mirrors = resources.filter(({ id: name }) => name.startsWith('drbd'));
  return {
    id: String(id),
    uname,
    isRemote: false,
    fields:
      id === 1
        ? { in_ccm: 'false', crmd: 'offline', join: 'down', expected: 'member' }
        : { in_ccm: 'true', crmd: 'online', join: 'member', expected: 'member' },
    transientId: String(id),
    transient: [
      {
        id: `status-${id}`,
        pairs: mirrors.map(({ id: name }) => ({
          id: `status-${id}-master-${name}`,
          name: `master-${name}`,
          value: '10000',
        })),
      },
    ],
    resources: resources.flatMap((resource): readonly ResourceHistory[] => {
      if (resource.agent === undefined) return [];
      const { agent } = resource;
      const isMirror = agent.type === 'drbd';
      const isFence = agent.standard === 'stonith';
      const runs = isMirror || (isFence ? resource.id !== `fence-${uname}` : id === 1);
      const parameters = new Map(
        resource.parameters.flatMap(({ pairs }) =>
          pairs.map(({ name = '', value = '' }) => [name, value] as const),
        ),
      );
      const operations = !runs
        ? [entry(resource.id, 'monitor', 0, 7, 1, parameters)]
        : isMirror && id === 1
          ? [
              entry(resource.id, 'promote', 0, 0, 2, parameters),
              entry(resource.id, 'monitor', 20_000, 8, 3, parameters),
            ]
          : [
              entry(resource.id, 'start', 0, 0, 2, parameters),
              ...(isFence
                ? []
                : [entry(resource.id, 'monitor', isMirror ? 30_000 : 20_000, 0, 3, parameters)]),
            ];
      return [{ id: resource.id, agent, fields: {}, operations }];
    }),
  };
}

function entry(
  resource: string,
  operation: string,
  interval: number,
  code: number,
  call: number,
  parameters: ReadonlyMap<string, string>,
): HistoryEntry {
  const key = `${resource}_${operation}_${interval}`;
  return {
    id: interval === 0 ? `${resource}_last_0` : key,
    operation,
    fields: {
      operation_key: key,
      interval: String(interval),
      'rc-code': String(code),
      'op-status': '0',
      'call-id': String(call),
      crm_feature_set: '3.16.1',
      'transition-key': `1:1:${interval === 0 && operation === 'monitor' ? 7 : 0}:00000000-0000-0000-0000-000000000000`,
      'transition-magic': `0:${code};1:1:${interval === 0 && operation === 'monitor' ? 7 : 0}:00000000-0000-0000-0000-000000000000`,
      'last-rc-change': '1700000000',
      'op-digest': digest(parameters, interval),
    },
  };
}

/** As Pacemaker records what an operation was started with. */
function digest(parameters: ReadonlyMap<string, string>, interval: number): string {
  const all = new Map(parameters);
  if (interval > 0) all.set('CRM_meta_timeout', '20000');
  const fields = [...all]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('');
  return createHash('md5').update(` <parameters${fields}/>\n`).digest('hex');
}
