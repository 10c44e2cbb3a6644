import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Image } from '../image/image.ts';
import { consolePath, machineFolder, qmpPath, sharedDiskPath } from '../settings.ts';
import type { LabSettings } from '../settings.ts';
import { dataDiskSerial, macAddress, sharedDiskSerial, tapName } from '../topology.ts';
import type { Machine } from '../topology.ts';

/** Disks of a storage node that can be made to fail; what QEMU and the files of the lab call them. */
export type DiskName = 'data' | 'shared';
/** The data disk's size is that of its file; the failing one has to be as large. */
export const dataDiskFile = 'data.raw';
/** In bytes; SBD needs one MiB. */
export const sharedDiskSize = 4 * 1024 * 1024;
export const rootDiskFile = 'root.qcow2';

/** Kinds of request that a failed disk answers with EIO. */
const failing = ['read', 'write', 'write-zeroes', 'discard', 'flush'];

/** A word as the shell reads it, whatever is in it. */
export function shellWord(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The kernel command line of a machine. */
function kernelCommandLine(machine: Machine, publicKey: string): string {
  const identity = createHash('md5').update(`keelson-lab ${machine.name}`).digest('hex');
  return [
    'root=/dev/vda rw console=ttyS0 quiet panic=10',
    'net.ifnames=0 selinux=0 apparmor=0 audit=0 mitigations=off random.trust_cpu=on',
    'fsck.mode=skip systemd.show_status=0 systemd.firstboot=0',
    `systemd.hostname=${machine.name} systemd.machine_id=${identity}`,
    ...(machine.role === 'storage' ? ['multipath=off'] : []),
    `keelson.lab=${machine.name} keelson.lab.role=${machine.role} keelson.lab.key=${publicKey}`,
  ].join(' ');
}

interface Disk {
  readonly name: DiskName;
  readonly file: string;
  /** In bytes. */
  readonly size: number;
  /** For QEMU's driver of the file. */
  readonly fileOptions: string;
}

/**
 * A disk as QEMU sees it: NAME, and NAME-failing, which is as large and answers every request with EIO. The guest's disk
 * is switched from one to the other, at the start by the script's variable and later by QMP.
 */
function blocksOf({ name, file, size, fileOptions }: Disk): readonly string[] {
  const rules = failing.flatMap((kind, index) => [
    `inject-error.${index}.event=none`,
    `inject-error.${index}.iotype=${kind}`,
    `inject-error.${index}.errno=5`,
  ]);
  const blocks = [
    `driver=file,node-name=${name}-file,filename=${file},${fileOptions}`,
    `driver=raw,node-name=${name},file=${name}-file,discard=unmap`,
    `driver=null-co,node-name=${name}-nothing,size=${size}`,
    [`driver=blkdebug,node-name=${name}-failing,image=${name}-nothing`, ...rules].join(','),
  ];
  return blocks.flatMap((block) => ['-blockdev', block]);
}

/** The card in the guest; which of the two it has is in the variable of that name. */
const cardOf = (name: DiskName, serial: string, options = ''): string =>
  `-device ${shellWord(`virtio-blk-pci,id=${name}-disk,serial=${serial},werror=report,rerror=report${options},drive=`)}"$${name}"`;

/**
 * The command line that starts a machine, for the shell; the size of the data disk is in bytes. Disks keep what the guest was told is written (no
 * `cache=unsafe`): a cut of power must lose exactly what it would lose on metal.
 */
export function qemuCommand(
  settings: LabSettings,
  machine: Machine,
  image: Image,
  publicKey: string,
  dataDiskSize: number,
): string {
  const folder = machineFolder(settings, machine.name);
  const words = [
    'qemu-system-x86_64',
    ...['-name', machine.name, '-daemonize', '-pidfile', join(folder, 'qemu.pid')],
    ...['-M', 'q35', '-accel', 'tcg,thread=multi,tb-size=384', '-cpu', 'max', '-smp', '1'],
    ...['-m', String(machine.memory), '-nodefaults', '-display', 'none', '-vga', 'none'],
    ...['-kernel', image.kernel, '-initrd', image.ramdisk],
    ...['-append', kernelCommandLine(machine, publicKey)],
    ...['-chardev', `socket,id=qmp,path=${qmpPath(settings, machine.name)},server=on,wait=off`],
    ...['-mon', 'chardev=qmp,mode=control'],
    ...[
      '-chardev',
      `socket,id=console,path=${consolePath(settings, machine.name)},server=on,wait=off,logfile=${join(folder, 'console.log')},logappend=on`,
    ],
    ...['-serial', 'chardev:console'],
    ...['-device', 'virtio-rng-pci'],
    ...['-blockdev', `driver=file,node-name=root-file,filename=${join(folder, rootDiskFile)}`],
    ...['-blockdev', 'driver=qcow2,node-name=root,file=root-file'],
    ...['-device', 'virtio-blk-pci,id=root-disk,drive=root,serial=keelson-root,bootindex=1'],
  ];
  for (const network of machine.networks) {
    const tap = tapName(machine.name, network);
    words.push('-netdev', `tap,id=${network},ifname=${tap},script=no,downscript=no`);
    words.push(
      '-device',
      `virtio-net-pci,id=card-${network},netdev=${network},mac=${macAddress(machine.name, network)},romfile=`,
    );
  }
  if (machine.role === 'storage') {
    const data = join(folder, dataDiskFile);
    const shared = sharedDiskPath(settings);
    words.push(
      ...blocksOf({ name: 'data', file: data, size: dataDiskSize, fileOptions: 'discard=unmap' }),
      // Both nodes have it open, through one page cache: what one writes the other reads.
      ...blocksOf({ name: 'shared', file: shared, size: sharedDiskSize, fileOptions: 'locking=off' }),
      ...['-device', 'i6300esb', '-action', 'watchdog=reset'],
    );
    const cards = [cardOf('data', dataDiskSerial), cardOf('shared', sharedDiskSerial, ',share-rw=on')];
    return [...words.map(shellWord), ...cards].join(' ');
  }
  return words.map(shellWord).join(' ');
}
