import type { Checks } from './check.ts';

/** Of the machine itself: system, memory, clock, name, and what an earlier cluster has left. */
export const hostChecks = {
  look_failed: {
    weight: 'warns',
    why: 'What could not be looked at may be as wrong as anything.',
    mend: 'Mend what the message names, and run `keelson doctor` again.',
  },
  release_unsupported: {
    weight: 'warns',
    why: 'Keelson is tried on Debian 12, with its kernel, its DRBD and its Corosync.',
    mend: 'Install Debian 12, or try everything out before data depends on it.',
  },
  container: {
    weight: 'forbids',
    why: 'A container shares its kernel: DRBD, LIO and the watchdog belong to another system, and it cannot be fenced.',
    mend: 'Use a machine of its own, real or virtual.',
  },
  virtual_machine: {
    weight: 'informs',
    why: 'Both nodes must not run on one hypervisor, and its disks must keep what they have acknowledged.',
    mend: 'Keep the nodes on two hypervisors, without a write cache that forgets, and fence by the hypervisor.',
  },
  kernel_module_missing: {
    weight: 'forbids',
    why: 'Without it the node can neither mirror a disk nor export one.',
    mend: 'Boot the kernel whose modules are installed (Debian’s linux-image-amd64 has all of them), and remove what blocks the module in /etc/modprobe.d.',
  },
  drbd_version: {
    weight: 'forbids',
    why: 'Keelson works with DRBD 8.4, which is part of the kernel; another one is driven and shows itself otherwise.',
    mend: 'Remove the package that brings it (such as drbd-dkms) and reboot.',
  },
  program_missing: {
    weight: 'forbids',
    why: 'Keelson drives it, or is fenced by it.',
    mend: 'Install the Debian package that is named: `apt-get install PACKAGE`.',
  },
  memory_small: {
    weight: 'warns',
    why: 'Engine, API, Corosync and the mirror need it, and Corosync holds its own in memory for good.',
    mend: 'Give the node 1 GiB of memory at least; 4 GiB and more serve better.',
  },
  memory_low: {
    weight: 'warns',
    why: 'A node that runs out of memory stalls, and is fenced for it.',
    mend: 'Find what takes it (`ps -eo rss,args --sort -rss | head`), or add memory.',
  },
  memory_exhausted: {
    weight: 'warns',
    why: 'The kernel has ended processes for lack of memory; the next one may be what operates the SAN.',
    mend: 'See who it was (`journalctl -k --grep oom`), and give the node more memory or less to do. The count ends with the next boot.',
  },
  swap_on_mirror: {
    weight: 'forbids',
    why: 'A mirror that waits for memory, which waits for the mirror, waits for ever.',
    mend: 'Swap to a disk of the node’s own, or not at all: `swapoff DEVICE`, and out of /etc/fstab.',
  },
  space_low: {
    weight: 'warns',
    why: 'A configuration that cannot be written to the disk is not acknowledged.',
    mend: 'Make room in the file system that is named.',
  },
  clock_not_synchronised: {
    weight: 'informs',
    why: 'Clocks drift apart by seconds a day: the nodes’ logs cannot be compared, and certificates of a witness may be refused.',
    mend: 'Install one: `apt-get install chrony` (or enable systemd-timesyncd), on every node, with the same servers.',
  },
  clock_source_slow: {
    weight: 'warns',
    why: 'The kernel has stopped to trust the processor’s counter: every look at the clock costs a microsecond, and the clock may jump.',
    mend: 'See why (`journalctl -k --grep clocksource`): mostly it is the firmware, which has an update.',
  },
  host_name_unfit: {
    weight: 'forbids',
    why: 'A node is called as its host, and its name becomes part of others: a-z, 0-9 and hyphens, beginning with a letter, 32 at most.',
    mend: '`hostnamectl set-hostname NAME`, without a domain.',
  },
  node_name_differs: {
    weight: 'forbids',
    why: 'DRBD finds itself by the host’s name, and does not start under another one.',
    mend: 'Give the host its name back: `hostnamectl set-hostname NAME`.',
  },
  host_name_unresolved: {
    weight: 'warns',
    why: 'Programs that ask for the address of their own host wait for a name server, or fail.',
    mend: 'Write every node with its management address into /etc/hosts, the same on all of them.',
  },
  host_name_loopback: {
    weight: 'warns',
    why: 'Whatever tells others its own address by its host’s name tells one that only reaches themselves.',
    mend: 'In /etc/hosts, replace 127.0.1.1 before the host’s name by its management address.',
  },
  earlier_pacemaker: {
    weight: 'forbids',
    why: 'Two cluster managers start and stop the same disks, each against the other.',
    mend: 'If that cluster is no more: `systemctl disable --now pacemaker pcsd`, or remove the packages.',
  },
  earlier_corosync: {
    weight: 'forbids',
    why: 'The node is, or was, a member of another cluster, whose configuration would be overwritten.',
    mend: 'If that cluster is no more: `systemctl disable --now corosync`, and remove /etc/corosync/corosync.conf and /etc/corosync/authkey.',
  },
  earlier_drbd: {
    weight: 'warns',
    why: 'drbdadm reads all files together: a resource that another one clashes with stops both, and drbd.service starts what it finds.',
    mend: 'If it is not needed any more: `systemctl disable --now drbd`, and remove its file from /etc/drbd.d.',
  },
  drbd_in_use: {
    weight: 'forbids',
    why: 'The kernel’s DRBD carries somebody else’s resource, on a minor that Keelson takes.',
    mend: 'See whose it is (`drbdsetup status`); if it is not needed any more: `drbdsetup down NAME`.',
  },
  earlier_target: {
    weight: 'forbids',
    why: 'At the next boot these targets are exported again, over whatever disks and addresses they find.',
    mend: 'If they are not needed any more: `targetcli clearconfig confirm=true` and `systemctl disable --now rtslib-fb-targetctl`.',
  },
  target_in_use: {
    weight: 'forbids',
    why: 'The kernel exports targets that are not Keelson’s, on the port that Keelson needs.',
    mend: 'If they are not needed any more: `targetcli clearconfig confirm=true`.',
  },
  earlier_sbd: {
    weight: 'warns',
    why: 'Debian’s sbd belongs to Pacemaker; it takes the watchdog, and resets the node when nobody speaks to it.',
    mend: '`systemctl disable sbd`; Keelson starts its own, where a node is fenced by SBD.',
  },
  watchdog_absent: {
    weight: 'warns',
    why: 'Nothing resets the node when its kernel hangs, and it cannot be fenced by SBD.',
    mend: 'Load the driver of the machine’s own (iTCO_wdt, sp5100_tco, hpwdt, ipmi_watchdog, i6300esb), and name it in /etc/modules-load.d/watchdog.conf. Not needed where a board or a PDU fences the node.',
  },
  watchdog_only_soft: {
    weight: 'warns',
    why: 'softdog is a timer of the kernel itself and does not reset a node whose kernel hangs.',
    mend: 'Load the driver of the machine’s own watchdog, and have softdog loaded no more. Not needed where a board or a PDU fences the node.',
  },
  watchdog_taken: {
    weight: 'warns',
    why: 'A watchdog has one owner: SBD could not guard this node.',
    mend: 'Stop who has it, for good: systemd (RuntimeWatchdogSec in /etc/systemd/system.conf), the package watchdog, a vendor’s management software. Not needed where a board or a PDU fences the node.',
  },
} as const satisfies Checks;
