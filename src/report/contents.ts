import { join } from 'node:path';
import { program, type Item, type ProgramItem } from './item.ts';
import type { Places } from './places.ts';

/** Of each journal at most so many lines, the newest. */
const JOURNAL_LINES = 50_000;

const packages = ['keelson', 'corosync', 'corosync-qdevice', 'sbd', 'drbd-utils', 'lvm2', 'linux-image-*'];
const units = ['keelsond', 'keelson-api', 'corosync', 'keelson-sbd', 'corosync-qdevice'];

/** What programs tell of this node. `since`: seconds since 1970, for the journals. Kernel files are read by programs too, which can be left behind where the kernel does not answer. */
export const contentsOfNode = (places: Places, since: number): readonly Item[] => [
  ...versions(),
  ...units.map((unit) => journal(unit, since, `--unit=${unit}`)),
  journal('kernel', since, '--dmesg', '--boot=all'),
  ...corosync(places),
  ...drbd(places),
  ...volumes(),
  ...target(places),
  ...network(),
];

const versions = (): readonly ProgramItem[] => [
  program(
    'versions/packages.txt',
    'dpkg-query',
    '--show',
    '--showformat=${Package} ${Version} ${Status}\n',
    ...packages,
  ),
  program('versions/debian.txt', 'cat', '/etc/os-release', '/etc/debian_version'),
  program('versions/kernel.txt', 'uname', '--all'),
  program('versions/drbd.txt', 'cat', '/sys/module/drbd/version'),
  program('versions/corosync.txt', 'corosync', '-v'),
  program('versions/lvm.txt', 'lvm', 'version'),
  program('system/uptime.txt', 'uptime'),
  program('system/memory.txt', 'free', '--mebi'),
  program('system/units.txt', 'systemctl', 'status', '--no-pager', '--lines=0', ...units),
];

const journal = (name: string, since: number, ...which: readonly string[]): ProgramItem => ({
  ...program(
    `journal/${name}.txt`,
    'journalctl',
    ...which,
    `--since=@${since}`,
    `--lines=${JOURNAL_LINES}`,
    '--no-pager',
    '--output=short-iso-precise',
  ),
  lines: JOURNAL_LINES,
});

const corosync = ({ corosyncFolder }: Places): readonly ProgramItem[] => [
  program('corosync/corosync.conf', 'cat', join(corosyncFolder, 'corosync.conf')),
  program('corosync/cmap.txt', 'corosync-cmapctl'),
  program('corosync/statistics.txt', 'corosync-cmapctl', '-m', 'stats'),
  program('corosync/links.txt', 'corosync-cfgtool', '-s'),
  program('corosync/quorum.txt', 'corosync-quorumtool', '-s'),
  program('corosync/qdevice.txt', 'corosync-qdevice-tool', '-sv'),
];

const drbd = ({ drbdFolder }: Places): readonly ProgramItem[] => [
  program('drbd/proc-drbd.txt', 'cat', '/proc/drbd'),
  program('drbd/status.txt', 'drbdsetup', 'status', '--verbose', '--statistics'),
  program('drbd/events.txt', 'drbdsetup', 'events2', '--now', '--statistics'),
  program('drbd/configuration.txt', 'grep', '-rs', '--include=*.res', '--include=*.conf', '', drbdFolder),
];

/** Without LVM's locks: who hangs with one must not hold up the report. */
const lvmReport = ['--nolocking', '--reportformat', 'json', '--units', 'b', '--options'] as const;

const volumes = (): readonly ProgramItem[] => [
  program('volumes/pvs.json', 'pvs', ...lvmReport, 'pv_all,vg_name'),
  program('volumes/vgs.json', 'vgs', ...lvmReport, 'vg_all'),
  program(
    'volumes/lvs.json',
    'lvs',
    '--all',
    ...lvmReport,
    'lv_all,vg_name,seg_type,data_percent,metadata_percent',
  ),
  program('volumes/dmsetup-table.txt', 'dmsetup', 'table'),
  program('volumes/dmsetup-status.txt', 'dmsetup', 'status', '--noflush'),
  program('volumes/disks.json', 'lsblk', '--json', '--bytes', '--output-all'),
];

/** The folders with CHAP are left out before anything is read; their names say what they hold. */
const target = ({ configfs }: Places): readonly ProgramItem[] => [
  program(
    'target/attributes.txt',
    'grep',
    // As text: some of the kernel’s lists end with a NUL.
    '-rsa',
    ...['auth', 'discovery_auth'].map((folder) => `--exclude-dir=${folder}`),
    ...['*password*', '*userid*'].map((file) => `--exclude=${file}`),
    '',
    configfs,
  ),
  program('target/links.txt', 'find', configfs, '-type', 'l', '-printf', '%p -> %l\n'),
];

const network = (): readonly ProgramItem[] => [
  program('network/addresses.json', 'ip', '-json', '-statistics', '-details', 'address'),
  program('network/links.txt', 'ip', '-statistics', '-statistics', 'link'),
  program('network/routes.txt', 'ip', 'route', 'show', 'table', 'all'),
  program('network/neighbours.txt', 'ip', 'neighbour'),
];
