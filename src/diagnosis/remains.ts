import type { NodeFacts } from '../model/index.ts';
import { told, type Found, type Situation } from './situation.ts';
import { listText } from './words.ts';

/** What somebody else has left, or still runs, where Keelson is to work. */
export function remainFindings(facts: NodeFacts, situation: Situation): readonly Found[] {
  return [
    ...managers(facts),
    ...corosync(facts, situation),
    ...drbd(facts, situation),
    ...target(facts, situation),
    ...lvm(facts, situation),
    ...watchdogs(facts, situation),
  ];
}

const isEnabled = (state: string): boolean => state === 'enabled' || state === 'enabled-runtime';
const isActive = (state: string): boolean => ['active', 'activating', 'reloading'].includes(state);

function managers(facts: NodeFacts): readonly Found[] {
  return (told(facts, 'units') ?? []).flatMap(({ name, enabled, active }): Found[] => {
    const says = [
      ...(isEnabled(enabled) ? ['starts with the system'] : []),
      ...(isActive(active) ? ['runs'] : []),
    ];
    if (says.length === 0) return [];
    const words = `${name} ${listText(says)}`;
    if (name === 'pacemaker.service') return [['earlier_pacemaker', words]];
    if (name === 'sbd.service') return [['earlier_sbd', words]];
    if (name === 'drbd.service' && isEnabled(enabled)) return [['earlier_drbd', words]];
    return [];
  });
}

function corosync(facts: NodeFacts, { config }: Situation): readonly Found[] {
  const seen = told(facts, 'corosync');
  if (seen === undefined) return [];
  const { clusterName, addresses, isOurs } = seen;
  const words = `/etc/corosync/corosync.conf is of the cluster ${clusterName === '' ? 'without a name' : clusterName} (${listText(addresses)})`;
  if (config !== undefined)
    return clusterName === config.clusterName
      ? []
      : [['earlier_corosync', `${words}, not of ${config.clusterName}`]];
  // Debian's package brings one that speaks to nobody; one of Keelson's own is what a set-up left that was interrupted.
  const isDebians = addresses.every((address) => address.startsWith('127.'));
  return isOurs || isDebians ? [] : [['earlier_corosync', words]];
}

function drbd(facts: NodeFacts, { config }: Situation): readonly Found[] {
  const own = Object.values(config?.pools ?? {});
  const files = (told(facts, 'drbdResources') ?? [])
    .filter(({ isOurs }) => !isOurs)
    .map(({ file, name }): Found => ['earlier_drbd', `${file} defines the resource ${name}`]);
  const minors = (told(facts, 'drbdMinors') ?? [])
    .filter((minor) => !own.some((pool) => pool.minor === minor))
    .map((minor): Found => ['drbd_in_use', `/dev/drbd${minor} is configured, and is no pool of Keelson’s`]);
  return [...files, ...minors];
}

function target(facts: NodeFacts, { config }: Situation): readonly Found[] {
  const seen = told(facts, 'target');
  if (seen === undefined) return [];
  const own = Object.values(config?.targets ?? {}).map(({ iqn }) => iqn);
  const foreign = seen.running.filter((iqn) => !own.includes(iqn));
  const unit = (told(facts, 'units') ?? []).find(({ name }) => name === 'rtslib-fb-targetctl.service');
  const found: Found[] = [];
  if (foreign.length > 0) found.push(['target_in_use', `the kernel exports ${listText(foreign)}`]);
  // Where systemd does not say, the worse is assumed.
  if (seen.saved.length > 0 && isEnabled(unit?.enabled ?? 'enabled'))
    found.push([
      'earlier_target',
      `targetcli has saved ${listText(seen.saved)}, and makes them again at the boot`,
    ]);
  return found;
}

function lvm(facts: NodeFacts, { config }: Situation): readonly Found[] {
  const seen = told(facts, 'lvm');
  if (config === undefined || seen === undefined || seen.isOurs) return [];
  return [['lvm_filter_missing', '/etc/lvm/lvmlocal.conf is not what Keelson wrote']];
}

/** What the kernel's softdog calls itself. */
const SOFT = 'Software Watchdog';

/** Before there is a cluster: in one, a node that needs its watchdog says so in the status. */
function watchdogs(facts: NodeFacts, { config }: Situation): readonly Found[] {
  const seen = told(facts, 'watchdogs');
  if (config !== undefined || seen === undefined) return [];
  const real = seen.filter(({ identity }) => identity !== SOFT);
  if (seen.length === 0) return [['watchdog_absent', 'the node has no watchdog']];
  if (real.length === 0) return [['watchdog_only_soft', 'the only watchdog is softdog']];
  if (real.some(({ isActive: taken }) => !taken)) return [];
  const names = real.map(({ device, identity }) => `${device} (${identity})`);
  return [['watchdog_taken', `somebody has ${listText(names)} open`]];
}
