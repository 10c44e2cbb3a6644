import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { multipathDevices } from '../../../src/api/connect-info/multipath.ts';
import { demandCommand } from '../command.ts';

export const guestFolder = join(import.meta.dirname, 'guest');

/** File of guest/ to its place in the machine, with its mode. */
const files: readonly (readonly [string, string, number])[] = [
  ['configure', 'usr/lib/keelson-lab/configure', 0o755],
  ['keelson-lab.service', 'etc/systemd/system/keelson-lab.service', 0o644],
  ['sshd.conf', 'etc/ssh/sshd_config.d/keelson-lab.conf', 0o644],
  ['iscsid.conf', 'etc/iscsi/iscsid.conf', 0o600],
  ['lvmlocal.conf', 'etc/lvm/lvmlocal.conf', 0o644],
  ['hosts', 'etc/hosts', 0o644],
  ['modprobe.conf', 'etc/modprobe.d/keelson-lab.conf', 0o644],
];

const texts: readonly (readonly [string, string])[] = [
  ['etc/fstab', '/dev/vda / ext4 noatime 0 0\n'],
  ['etc/hostname', 'localhost\n'],
  ['etc/machine-id', ''],
  ['etc/iscsi/initiatorname.iscsi', 'InitiatorName=iqn.2026-11.com.example:client\n'],
  // Disks of LIO are treated as hosts of a SAN are told to; all disks of the lab's host but its own have two paths.
  [
    'etc/multipath.conf',
    `defaults {
    user_friendly_names yes
    find_multipaths no
}
blacklist {
    devnode "^vd"
}
${multipathDevices()}`,
  ],
  ['etc/modules-load.d/keelson-lab.conf', 'i6300esb\n'],
  // multipathd loads it where it runs.
  ['etc/modules-load.d/multipath.conf', ''],
  [
    'etc/systemd/journald.conf.d/keelson-lab.conf',
    '[Journal]\nStorage=persistent\nSystemMaxUse=64M\nRateLimitIntervalSec=0\n',
  ],
  [
    'etc/systemd/system/serial-getty@ttyS0.service.d/keelson-lab.conf',
    '[Service]\nExecStart=\nExecStart=-/sbin/agetty --autologin root --noclear --keep-baud 115200,9600 - $TERM\n',
  ],
];

/** Runs in every machine, but has nothing to do in a lab, or is Keelson's to start. */
const masked = [
  ...[
    'apt-daily.timer',
    'apt-daily-upgrade.timer',
    'dpkg-db-backup.timer',
    'e2scrub_all.timer',
    'fstrim.timer',
  ],
  ...['e2scrub_reap.service', 'systemd-pstore.service', 'systemd-tmpfiles-clean.timer'],
  ...[
    'rtslib-fb-targetctl.service',
    'lvm2-monitor.service',
    'blk-availability.service',
    'lvm2-lvmpolld.socket',
  ],
  ...['getty@tty1.service', 'getty-static.service', 'systemd-binfmt.service', 'remote-fs.target'],
  ...['systemd-update-utmp.service', 'systemd-update-utmp-runlevel.service', 'systemd-logind.service'],
  ...['systemd-networkd.service', 'systemd-timesyncd.service', 'man-db.timer', 'systemd-firstboot.service'],
  ...['systemd-repart.service', 'systemd-pcrphase.service', 'systemd-pcrphase-sysinit.service'],
  ...[
    'modprobe@fuse.service',
    'sys-fs-fuse-connections.mount',
    'dev-hugepages.mount',
    'sys-kernel-tracing.mount',
  ],
  ...['proc-sys-fs-binfmt_misc.automount', 'systemd-random-seed.service'],
];

const disabled = ['corosync.service', 'drbd.service', 'sbd.service'];
/** As far as the image has them. */
const disabledIfThere = [...['pacemaker.service', 'corosync-qdevice.service', 'corosync-qnetd.service']];

/** Units of the SAN's host: they start where the kernel command line says keelson.lab.role=host. */
const hostUnits = [
  ...['iscsid.service', 'iscsid.socket', 'open-iscsi.service', 'multipathd.service', 'multipathd.socket'],
];

/** Turns an unpacked Debian root into a lab machine's. */
export async function configureGuest(root: string): Promise<void> {
  for (const [source, target, mode] of files) {
    const path = join(root, target);
    await mkdir(dirname(path), { recursive: true });
    await cp(join(guestFolder, source), path);
    await chmod(path, mode);
  }
  for (const [target, text] of texts) await writeText(join(root, target), text);
  for (const unit of hostUnits) {
    const folder = `etc/systemd/system/${unit}.d`;
    await writeText(
      join(root, folder, 'keelson-lab.conf'),
      '[Unit]\nConditionKernelCommandLine=keelson.lab.role=host\n',
    );
  }
  for (const kind of ['rsa', 'ecdsa', 'ed25519']) {
    await rm(join(root, `etc/ssh/ssh_host_${kind}_key`), { force: true });
    await rm(join(root, `etc/ssh/ssh_host_${kind}_key.pub`), { force: true });
  }
  const there = disabledIfThere.filter((unit) => existsSync(join(root, 'lib/systemd/system', unit)));
  await demandCommand('chroot', [root, 'systemctl', 'disable', ...disabled, ...there]);
  await demandCommand('chroot', [root, 'systemctl', 'mask', ...masked]);
  const enabled = [
    'keelson-lab.service',
    'serial-getty@ttyS0.service',
    'iscsid.service',
    'multipathd.service',
  ];
  await demandCommand('chroot', [root, 'systemctl', 'enable', ...enabled]);
}

async function writeText(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
