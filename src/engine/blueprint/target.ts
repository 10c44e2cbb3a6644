import type {
  ClusterConfig,
  Deed,
  DeedName,
  LunIntent,
  Parameters,
  PoolIntent,
  Primitive,
  TargetIntent,
} from '../../model/index.ts';
import { waitsForSnapshots, withSource } from './snapshots.ts';
import {
  addressOf,
  byName,
  compareNames,
  lunOf,
  lvmOf,
  primitive,
  sortedUnique,
  startAfter,
  targetOf,
  together,
  volumeGroupOf,
  type Part,
} from './part.ts';

/** A target, its LUNs and its addresses on the pool's node. The addresses come last and go first. */
export function compileTarget(config: ClusterConfig, pool: PoolIntent, target: TargetIntent): Part {
  const lvm = lvmOf(pool.name);
  const server = primitive(config, targetOf(target.name), 'lio-target', {
    iqn: target.iqn,
    portals: target.portals.map(({ address }) => address),
    initiators: sortedUnique(Object.values(config.hosts).flatMap(({ initiators }) => initiators)),
    ...credentials(config),
  });
  const intents = byName(config.luns).filter((lun) => lun.target === target.name && lun.pool === pool.name);
  const luns = intents
    .filter(({ state }) => state !== 'creating')
    .map((lun) => lunPrimitive(config, target, lun));
  const addresses = target.portals.map((portal) =>
    primitive(
      config,
      addressOf(target.name, portal.name),
      'address',
      {
        address: portal.address,
        prefix: portal.prefix,
      },
      portal.removing === true ? 'stopped' : 'started',
    ),
  );
  return {
    resources: [server, ...luns, ...addresses],
    locations: [],
    colocations: [
      together(server.id, lvm, true),
      // One bad LUN must not move the others.
      ...luns.flatMap(({ id }) => [together(id, lvm, false), together(id, server.id, false)]),
      // Where hosts have another way to the target, one portal that cannot be had moves nothing.
      ...addresses.map(({ id }) => together(id, server.id, addresses.length === 1)),
    ],
    orders: [
      startAfter('mandatory', lvm, server.id),
      ...luns.flatMap(({ id }) => [startAfter('mandatory', lvm, id), startAfter('mandatory', server.id, id)]),
      ...addresses.flatMap(({ id }) => [
        startAfter('mandatory', server.id, id),
        ...luns.map((lun) => startAfter('optional', lun.id, id)),
      ]),
    ],
    deeds: intents.flatMap((lun) => deeds(config, target, lun)),
  };
}

/** By initiator; whoever is in none of these only has to be known. */
function credentials(config: ClusterConfig): Parameters {
  const of = (what: 'chap' | 'mutualChap', field: 'username' | 'secret'): Readonly<Record<string, string>> =>
    Object.fromEntries(
      byName(config.hosts)
        .flatMap((host) => host.initiators.map((name) => [name, host[what]?.[field]] as const))
        .filter((entry): entry is readonly [string, string] => entry[1] !== undefined)
        .sort(([a], [b]) => compareNames(a, b)),
    );
  return {
    chapUsers: of('chap', 'username'),
    chapSecrets: of('chap', 'secret'),
    mutualUsers: of('mutualChap', 'username'),
    mutualSecrets: of('mutualChap', 'secret'),
  };
}

const initiatorsOf = (config: ClusterConfig, hosts: readonly string[] = []): readonly string[] =>
  sortedUnique(hosts.flatMap((host) => config.hosts[host]?.initiators ?? []));

const lunPrimitive = (config: ClusterConfig, target: TargetIntent, lun: LunIntent): Primitive =>
  primitive(
    config,
    lunOf(lun.name),
    'lio-lun',
    {
      iqn: target.iqn,
      lun: lun.name,
      number: lun.number,
      serial: lun.serial,
      volumeGroup: volumeGroupOf(lun.pool),
      size: lun.size,
      ...(lun.thin && { thin: true }),
      ...(lun.volume !== undefined && { volume: lun.volume }),
      initiators: initiatorsOf(config, lun.hosts),
      readOnly: initiatorsOf(config, lun.readOnlyHosts),
    },
    lun.state === 'deleting' || lun.rollback !== undefined ? 'stopped' : 'started',
  );

const DEEDS: Readonly<Record<Exclude<LunIntent['state'], 'ready'>, DeedName>> = {
  creating: 'create',
  deleting: 'remove',
};

function deeds(config: ClusterConfig, target: TargetIntent, lun: LunIntent): readonly Deed[] {
  const { grow, state } = lun;
  if (state === 'ready' && grow === undefined) return [];
  if (waitsForSnapshots(config, lun)) return [];
  const operation = state === 'ready' ? 'grow' : DEEDS[state];
  const wanted = grow === undefined ? lun : { ...lun, size: grow.size };
  return [
    {
      // Each growth is a thing of its own: what was said of the last one is not said of the next.
      id: `${operation} ${lunOf(lun.name)}${grow === undefined ? '' : ` ${grow.operation}`}`,
      resource: withSource(config, lunPrimitive(config, target, wanted), lun),
      operation,
      where: { resource: lvmOf(lun.pool), role: 'started', node: undefined },
    },
  ];
}
