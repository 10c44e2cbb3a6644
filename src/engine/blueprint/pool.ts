import {
  INFINITY,
  type ClusterConfig,
  type Deed,
  type Location,
  type Parameters,
  type PoolIntent,
} from '../../model/index.ts';
import { compareNames, drbdOf, lvmOf, primitive, volumeGroupOf, type Part } from './part.ts';

/** More than nothing, less than the stickiness of what is promoted already: no failback by itself. */
const PREFERENCE = 100;

/** The mirror on the two nodes that have a disk of it, promoted on one, and the volume group on top of it. */
export function compilePool(config: ClusterConfig, pool: PoolIntent): Part {
  const mirror = primitive(config, drbdOf(pool.name), 'drbd', {
    pool: pool.name,
    minor: pool.minor,
    port: pool.port,
    sharedSecret: pool.sharedSecret,
    fresh: pool.state === 'new',
    patience: config.properties.patience,
    ...renewal(config, pool),
    disks: sortedRecord(pool.disks),
    addresses: sortedRecord(
      Object.fromEntries(
        Object.keys(pool.disks).flatMap((name) => {
          const node = config.nodes[name];
          return node === undefined ? [] : [[name, node.replication]];
        }),
      ),
    ),
  });
  const volumeGroup = primitive(config, lvmOf(pool.name), 'lvm', {
    volumeGroup: volumeGroupOf(pool.name),
    device: `/dev/drbd${pool.minor}`,
  });
  const ready = pool.state === 'ready';
  return {
    resources: [
      { kind: 'promotable-clone', id: mirror.id, primitive: mirror, mayPromote: true },
      ...(ready ? [volumeGroup] : []),
    ],
    locations: locations(config, pool),
    colocations: ready
      ? [
          {
            resource: volumeGroup.id,
            with: mirror.id,
            withRole: 'promoted',
            score: INFINITY,
            influence: true,
          },
        ]
      : [],
    orders: ready
      ? [
          {
            kind: 'mandatory',
            first: mirror.id,
            firstAction: 'promote',
            then: volumeGroup.id,
            thenAction: 'start',
          },
        ]
      : [],
    deeds: ready ? reconnections(config, pool, mirror) : deeds(config, pool, mirror, volumeGroup),
  };
}

/** The disk of one node is new, and gets its metadata once: `mark` tells this replacement from every other one. */
function renewal({ replacement }: ClusterConfig, { name }: PoolIntent): Parameters {
  const disk = replacement?.disks[name];
  if (replacement?.phase !== 'fill' || disk === undefined) return {};
  const { node, operation, overwrite = [], sizes = {} } = replacement;
  return {
    renew: {
      node,
      mark: operation,
      bytes: String(sizes[name] ?? 0),
      overwrite: overwrite.includes(disk) ? 'yes' : 'no',
    },
  };
}

/**
 * After a split brain: first the node that discards its changes connects, then the other one, so that they never meet
 * before that was said.
 */
function reconnections(
  { replacement }: ClusterConfig,
  { name, recovery, split, disks }: PoolIntent,
  mirror: Deed['resource'],
): readonly Deed[] {
  const plain: Parameters = { ...mirror.parameters, reconnect: { discard: 'no' } };
  // Whoever has parted from the old disk does not look for the new one by itself.
  if (split !== undefined && replacement?.phase === 'fill' && replacement.disks[name] !== undefined) {
    const node = Object.keys(disks).find((other) => other !== replacement.node);
    return [
      {
        id: `reconnect ${mirror.id} ${replacement.operation}`,
        resource: { ...mirror, parameters: plain },
        operation: 'reconnect',
        where: { resource: mirror.id, role: 'started', node },
      },
    ];
  }
  if (recovery === undefined || (recovery.phase !== 'victim' && recovery.phase !== 'survivor')) return [];
  const { discard, phase, attempt, operation } = recovery;
  const survivor = Object.keys(disks).find((node) => node !== discard);
  const parameters: Parameters =
    phase === 'victim'
      ? {
          ...mirror.parameters,
          reconnect: { discard: 'yes', peer: split?.generations[survivor ?? ''] ?? '' },
        }
      : plain;
  return [
    {
      id: `reconnect ${mirror.id} ${operation} ${phase} ${attempt}`,
      resource: { ...mirror, parameters },
      operation: 'reconnect',
      where: { resource: mirror.id, role: 'started', node: phase === 'victim' ? discard : survivor },
    },
  ];
}

/**
 * The preference, the ban of nodes whose data is known to be old (S4), or not known to be what counts, and that of nodes
 * without a disk of the pool.
 */
function locations(config: ClusterConfig, pool: PoolIntent): readonly Location[] {
  const resource = drbdOf(pool.name);
  const { preferredNode, solo, split, disks } = pool;
  const names = Object.keys(config.nodes).sort(compareNames);
  const withDisk = names.filter((node) => disks[node] !== undefined);
  const diskless = names.filter((node) => disks[node] === undefined);
  const { replacement } = config;
  const isLeaving = (node: string): boolean =>
    replacement !== undefined &&
    replacement.phase !== 'fill' &&
    replacement.node === node &&
    replacement.disks[pool.name] !== undefined;
  const isDivided = solo !== undefined || split !== undefined;
  const banned = isDivided ? withDisk.filter((node) => node !== solo) : [];
  return [
    ...(preferredNode === undefined
      ? []
      : [{ resource, role: 'promoted' as const, node: preferredNode, score: PREFERENCE }]),
    ...banned.map((node) => ({ resource, role: 'promoted' as const, node, score: -INFINITY })),
    // All that stands on the pool follows its promoted instance; so this keeps it off these nodes too.
    ...[...diskless, ...withDisk.filter(isLeaving)].map((node) => ({
      resource,
      role: 'started' as const,
      node,
      score: -INFINITY,
    })),
  ];
}

function deeds(
  config: ClusterConfig,
  pool: PoolIntent,
  mirror: Deed['resource'],
  volumeGroup: Deed['resource'],
): readonly Deed[] {
  const first = Object.values(config.nodes)
    .filter(({ name }) => pool.disks[name] !== undefined)
    .sort((a, b) => a.id - b.id)[0]?.name;
  return [
    {
      id: `create ${mirror.id}`,
      resource: mirror,
      operation: 'create',
      where: { resource: mirror.id, role: 'started', node: pool.preferredNode ?? first },
    },
    {
      id: `create ${volumeGroup.id}`,
      resource: volumeGroup,
      operation: 'create',
      where: { resource: mirror.id, role: 'promoted', node: undefined },
    },
  ];
}

const sortedRecord = (record: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => compareNames(a, b)));
