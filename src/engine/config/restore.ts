import type { ClusterConfig, ConfigRestored, HostIntent, RestorableIntent } from '../../model/index.ts';
import { leaveOut } from './leave-out.ts';
import { compile } from '../blueprint/index.ts';
import { canonical } from './canonical.ts';
import { accessOf, withOnly } from './mappings.ts';

type Kept = ConfigRestored['kept'][number];
type Section = keyof RestorableIntent;
type ItemSection = Exclude<Section, 'properties' | 'witness' | 'resources'>;

/** What of an item is never taken back, with the reason; and whether items that came or went come and go again. */
interface ItemRule {
  readonly stays: Readonly<Record<string, string>>;
  readonly gone: string | undefined;
  readonly made: string | undefined;
}

const IDENTITY = 'is its identity';
const DATA = 'is where and what its data is';

const rules: Readonly<Record<ItemSection, ItemRule>> = {
  nodes: {
    stays: { name: IDENTITY, id: IDENTITY },
    gone: 'has left since; a node comes back by joining',
    made: 'has joined since',
  },
  fenceDevices: { stays: { name: IDENTITY }, gone: undefined, made: undefined },
  hosts: { stays: { name: IDENTITY }, gone: undefined, made: undefined },
  pools: {
    stays: {
      name: IDENTITY,
      minor: IDENTITY,
      port: IDENTITY,
      sharedSecret: IDENTITY,
      disks: DATA,
      state: 'is what has become of it',
      solo: 'says which copy of the data is current',
      soloSince: 'says which copy of the data is current',
      split: 'is what has become of it',
      recovery: 'is under way',
    },
    gone: 'was removed since, and its data with it',
    made: 'was made since, and may hold data',
  },
  targets: {
    stays: {
      name: IDENTITY,
      iqn: IDENTITY,
      pool: DATA,
      portals: 'are changed by `keelson portal add` and `remove` alone, which ask the network and the hosts',
    },
    gone: 'was removed since',
    made: 'was made since, and LUNs may be reached through it',
  },
  luns: {
    stays: {
      name: IDENTITY,
      number: IDENTITY,
      serial: IDENTITY,
      pool: DATA,
      target: DATA,
      size: DATA,
      thin: DATA,
      state: 'is what has become of it',
      operation: 'is what has become of it',
      grow: 'is under way',
      rollback: 'is under way',
      volume: DATA,
      source: DATA,
      clonedFrom: IDENTITY,
    },
    gone: 'was deleted since, and its data with it',
    made: 'was made since, and may hold data',
  },
};

const notIntent: Readonly<Record<Exclude<keyof ClusterConfig, Section>, true>> = {
  format: true,
  clusterId: true,
  clusterName: true,
  revision: true,
  generation: true,
  operations: true,
  nextLunNumber: true,
  fencing: true,
  witnessChange: true,
  keys: true,
  // They are data, not intent.
  snapshots: true,
  replacement: true,
};

/** The part of a configuration that `restoreIntent` takes. */
export const intentOf = (config: ClusterConfig): RestorableIntent =>
  leaveOut(config, ...(Object.keys(notIntent) as (keyof typeof notIntent)[]));

/**
 * Brings back what was intended, on whatever the configuration is now, the same on every node. It never makes or
 * destroys data: LUNs and pools neither come nor go, and no size, identity, state or book-keeping is taken back. What
 * is kept as it is, although it was otherwise, is listed with the reason. Gives the very same object back where nothing
 * changes.
 */
export function restoreIntent(
  now: ClusterConfig,
  wanted: RestorableIntent,
): { readonly config: ClusterConfig; readonly kept: readonly Kept[] } {
  const kept: Kept[] = [];
  const items = <Name extends ItemSection>(section: Name): ClusterConfig[Name] =>
    restoreItems(section, now[section], wanted[section], kept) as unknown as ClusterConfig[Name];
  const luns = items('luns');
  const hosts = withOwnInitiators(withUsedHosts(items('hosts'), now.hosts, luns, kept), now.hosts, kept);
  const rest = leaveOut(now, 'resources');
  if (canonical(now.witness ?? null) !== canonical(wanted.witness ?? null))
    kept.push({
      subject: 'witness',
      reason: 'is a rule of quorum, changed by `keelson witness add` and `remove` alone',
    });
  const restored: ClusterConfig = {
    ...rest,
    nodes: items('nodes'),
    fenceDevices: ofNodes(items('fenceDevices'), now, kept),
    pools: items('pools'),
    targets: items('targets'),
    hosts,
    luns: withKnownHosts(luns, hosts, now.luns, kept),
    properties: wanted.properties,
  };
  const resources = restorePolicies(restored, now, wanted, kept);
  const config = Object.keys(resources).length === 0 ? restored : { ...restored, resources };
  return { config: canonical(config) === canonical(now) ? now : config, kept };
}

type Item = Readonly<Record<string, unknown>>;
type Items = Readonly<Record<string, Item>>;

function restoreItems(
  section: ItemSection,
  present: ClusterConfig[ItemSection],
  past: ClusterConfig[ItemSection],
  kept: Kept[],
): Items {
  const rule = rules[section];
  const now = present as unknown as Items;
  const wanted = past as unknown as Items;
  const keep = (subject: string, reason: string): void => {
    kept.push({ subject: `${section}.${subject}`, reason });
  };
  const restored: [string, Item][] = [];
  for (const [name, item] of Object.entries(now)) {
    const before = Object.hasOwn(wanted, name) ? wanted[name] : undefined;
    if (before === undefined) {
      if (rule.made === undefined) continue;
      keep(name, rule.made);
      restored.push([name, item]);
    } else if (section === 'luns' && before['serial'] !== item['serial']) {
      keep(name, 'is another LUN of that name, made since');
      restored.push([name, item]);
    } else {
      restored.push([name, restoreItem(rule, item, before, (field, why) => keep(`${name}.${field}`, why))]);
    }
  }
  for (const [name, item] of Object.entries(wanted)) {
    if (Object.hasOwn(now, name)) continue;
    if (rule.gone === undefined) restored.push([name, item]);
    else keep(name, rule.gone);
  }
  return Object.fromEntries(restored);
}

function restoreItem(
  rule: ItemRule,
  now: Item,
  before: Item,
  keep: (field: string, why: string) => void,
): Item {
  const staying = Object.entries(rule.stays);
  for (const [field, why] of staying)
    if (canonical(now[field]) !== canonical(before[field])) keep(field, why);
  const stays = staying.flatMap(([field]) => (Object.hasOwn(now, field) ? [[field, now[field]]] : []));
  const back = Object.entries(before).filter(([field]) => !Object.hasOwn(rule.stays, field));
  return Object.fromEntries([...stays, ...back]) as Item;
}

/** A host that a LUN is for stays, whenever it was made. */
function withUsedHosts(
  restored: ClusterConfig['hosts'],
  now: ClusterConfig['hosts'],
  luns: ClusterConfig['luns'],
  kept: Kept[],
): ClusterConfig['hosts'] {
  const hosts = { ...restored };
  for (const [name, host] of Object.entries(now)) {
    const user = Object.values(luns).find((lun) => lun.hosts.includes(name));
    if (Object.hasOwn(restored, name) || user === undefined) continue;
    hosts[name] = host;
    kept.push({ subject: `hosts.${name}`, reason: `the LUN ${user.name} is for it` });
  }
  return hosts;
}

/** An initiator belongs to one host: where it is that of a host that stays, the other one does not get it back. */
function withOwnInitiators(
  restored: ClusterConfig['hosts'],
  now: ClusterConfig['hosts'],
  kept: Kept[],
): ClusterConfig['hosts'] {
  const hosts = { ...restored };
  for (;;) {
    const taken = Object.values(hosts).find(
      (host) =>
        !isSame(host, now[host.name]) &&
        Object.values(hosts).some(
          (other) =>
            other.name !== host.name &&
            other.initiators.some((initiator) => host.initiators.includes(initiator)),
        ),
    );
    if (taken === undefined) return hosts;
    kept.push({ subject: `hosts.${taken.name}`, reason: 'another host has an initiator of it since' });
    const present = now[taken.name];
    if (present === undefined) Reflect.deleteProperty(hosts, taken.name);
    else hosts[taken.name] = present;
  }
}

const isSame = (one: HostIntent, other: HostIntent | undefined): boolean =>
  other !== undefined && canonical(one) === canonical(other);

/** A LUN is for hosts that are there. */
function withKnownHosts(
  luns: ClusterConfig['luns'],
  hosts: ClusterConfig['hosts'],
  now: ClusterConfig['luns'],
  kept: Kept[],
): ClusterConfig['luns'] {
  return Object.fromEntries(
    Object.entries(luns).map(([name, lun]) => {
      const isKnown = (host: string): boolean => Object.hasOwn(hosts, host);
      if ([...lun.hosts, ...(lun.readOnlyHosts ?? [])].every(isKnown)) return [name, lun];
      kept.push({ subject: `luns.${name}.hosts`, reason: 'not all of its hosts are known any more' });
      const { hosts: present = [], readOnlyHosts } = now[name] ?? {};
      return [name, withOnly(lun, accessOf(present.filter(isKnown), readOnlyHosts?.filter(isKnown)))];
    }),
  );
}

function ofNodes(
  devices: ClusterConfig['fenceDevices'],
  { nodes }: ClusterConfig,
  kept: Kept[],
): ClusterConfig['fenceDevices'] {
  return Object.fromEntries(
    Object.entries(devices).filter(([name, { node }]) => {
      if (Object.hasOwn(nodes, node)) return true;
      kept.push({ subject: `fenceDevices.${name}`, reason: `its node ${node} has left since` });
      return false;
    }),
  );
}

/** What is asked of resources comes back where they are still the same ones; what is asked of later ones stays. */
function restorePolicies(
  restored: ClusterConfig,
  now: ClusterConfig,
  wanted: RestorableIntent,
  kept: Kept[],
): NonNullable<ClusterConfig['resources']> {
  const known = new Set(compile(restored).resources.map(({ id }) => id));
  const isLater = (id: string): boolean => {
    const lun = id.startsWith('lun-') ? restored.luns[id.slice('lun-'.length)] : undefined;
    return lun !== undefined && wanted.luns[lun.name]?.serial !== lun.serial;
  };
  const policies = Object.entries(wanted.resources ?? {}).filter(([id]) => {
    const reason = !known.has(id) ? 'there is no such resource any more' : 'is another resource, made since';
    const isSame = known.has(id) && !isLater(id);
    if (!isSame) kept.push({ subject: `resources.${id}`, reason });
    return isSame;
  });
  const later = Object.entries(now.resources ?? {}).filter(([id]) => isLater(id));
  return Object.fromEntries([...policies, ...later]);
}
