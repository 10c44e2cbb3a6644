import type { CorosyncFacts, Looks, UnitFacts } from '../../model/index.ts';
import { linesOf, namesIn, output, read, readIfThere, type Place } from './place.ts';

/** Of other cluster managers, and of what would be in Keelson's way. */
const UNITS = [
  'pacemaker.service',
  'corosync.service',
  'drbd.service',
  'sbd.service',
  'rtslib-fb-targetctl.service',
  'multipathd.service',
];

/** systemctl(1): a block of lines for each unit, parted by an empty one; a unit that is not there has no file state. */
export async function lookAtUnits(place: Place): Promise<Looks['units']> {
  const properties = '--property=Id,UnitFileState,ActiveState';
  return unitsIn(await output(place, 'systemctl', ['show', properties, ...UNITS]));
}

export function unitsIn(text: string): readonly UnitFacts[] {
  return text
    .split(/\n\s*\n/)
    .map((block) => new Map(linesOf(block).map((line) => [line.split('=')[0], line.split('=')[1] ?? ''])))
    .flatMap((fields) => {
      const name = fields.get('Id');
      if (name === undefined) return [];
      return [{ name, enabled: fields.get('UnitFileState') ?? '', active: fields.get('ActiveState') ?? '' }];
    });
}

export async function lookAtCorosync(place: Place): Promise<Looks['corosync']> {
  const text = await readIfThere(place, '/etc/corosync/corosync.conf');
  return text === undefined ? undefined : corosyncIn(text);
}

/** corosync.conf(5): lines of `name: value`; a hash begins a comment where it begins the line. */
export function corosyncIn(text: string): CorosyncFacts {
  const values = (name: RegExp): readonly string[] =>
    linesOf(text).flatMap((line) => {
      const [, key = '', value = ''] = /^([\w.]+)\s*:\s*(.*)$/.exec(line) ?? [];
      return name.test(key) ? [value.trim()] : [];
    });
  return {
    clusterName: values(/^cluster_name$/)[0] ?? '',
    addresses: [...values(/^ring\d+_addr$/), ...values(/^bindnetaddr$/)],
    isOurs: text.startsWith('# Written by Keelson'),
  };
}

const DRBD_FOLDER = '/etc/drbd.d';

export async function lookAtDrbdResources(place: Place): Promise<Looks['drbdResources']> {
  const files = (await namesIn(place, DRBD_FOLDER)).filter((name) => name.endsWith('.res'));
  const found = await Promise.all(
    files.map(async (name) =>
      drbdResourcesIn(`${DRBD_FOLDER}/${name}`, await read(place, `${DRBD_FOLDER}/${name}`)),
    ),
  );
  return found.flat();
}

export const drbdResourcesIn = (file: string, text: string): Looks['drbdResources'] =>
  [...text.matchAll(/^\s*resource\s+"?([^\s"{]+)"?\s*\{/gm)].map(([, name = '']) => ({
    file,
    name,
    isOurs: text.startsWith('# Written by Keelson'),
  }));

/** Debian's and the older place of what targetcli saves. */
const SAVED = ['/etc/rtslib-fb-target/saveconfig.json', '/etc/target/saveconfig.json'];
const LIO = '/sys/kernel/config/target/iscsi';

export async function lookAtTarget(place: Place): Promise<Looks['target']> {
  const running = (await namesIn(place, LIO)).filter((name) => /^(?:iqn|eui|naa)\./.test(name));
  const saved: string[] = [];
  for (const path of SAVED) {
    const text = await readIfThere(place, path);
    if (text !== undefined) saved.push(...savedTargetsIn(text));
  }
  return { running, saved };
}

export function savedTargetsIn(text: string): readonly string[] {
  const { targets = [] } = JSON.parse(text) as { readonly targets?: readonly { readonly wwn?: string }[] };
  return targets.map(({ wwn }) => wwn ?? 'without a name');
}

export async function lookAtLvm(place: Place): Promise<Looks['lvm']> {
  const text = (await readIfThere(place, '/etc/lvm/lvmlocal.conf')) ?? '';
  return { isOurs: text.startsWith('# Written by Keelson') && text.includes('global_filter') };
}

const WATCHDOGS = '/sys/class/watchdog';

/** Never opens one: that would start it. */
export async function lookAtWatchdogs(place: Place): Promise<Looks['watchdogs']> {
  const names = await namesIn(place, WATCHDOGS);
  return Promise.all(
    names.map(async (name) => ({
      device: `/dev/${name}`,
      identity: ((await readIfThere(place, `${WATCHDOGS}/${name}/identity`)) ?? '').trim(),
      isActive: ((await readIfThere(place, `${WATCHDOGS}/${name}/state`)) ?? '').trim() === 'active',
    })),
  );
}
