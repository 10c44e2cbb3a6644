import { expect, test } from 'vitest';
import { diagnoseNode } from '../../../src/diagnosis/index.ts';
import {
  alone,
  card,
  cardsOf,
  complaintsOf,
  disk,
  factsOf,
  healthyMachine,
  loopback,
  lsblk,
  unitIs,
  type Machine,
} from './machine.ts';

test('a healthy machine that belongs to no cluster yet has nothing to mend, and its blank disk is named', async () => {
  const facts = await factsOf(healthyMachine(), alone);
  const all = diagnoseNode(facts, alone);
  expect(all.map(({ code, found }) => `${code}: ${found}`)).toEqual([
    'disk_blank: /dev/sdb of 32 GiB seems to carry nothing',
  ]);
});

test('the lab’s machines have nothing to mend either: emulated, with hpet and without a time service', async () => {
  const machine = healthyMachine();
  machine.programs['systemd-detect-virt'] = (args) =>
    args.includes('--vm') ? 'qemu\n' : { exitCode: 1, stdout: 'none\n' };
  machine.isClockDisciplined = false;
  machine.files['/sys/devices/system/clocksource/clocksource0/current_clocksource'] = 'hpet\n';
  machine.files['/sys/class/watchdog/watchdog0/identity'] = 'i6300ESB timer\n';
  machine.files['/proc/meminfo'] = 'MemTotal:  1205040 kB\nMemAvailable:  903376 kB\n';
  expect(await complaintsOf(machine, alone)).toEqual([]);
});

/** The fault, how it is staged, what is said of it, and words that must be there. */
type Fault = readonly [story: string, stage: (machine: Machine) => void, code: string, words: string];

const file =
  (path: string, text: string) =>
  ({ files }: Machine): void => {
    files[path] = text;
  };
const gone =
  (path: string) =>
  ({ files }: Machine): void => {
    Reflect.deleteProperty(files, path);
  };
const says =
  (program: string, words: Machine['programs'][string]) =>
  ({ programs }: Machine): void => {
    programs[program] = words;
  };
const cards = (...shown: readonly object[]) => says('ip', JSON.stringify([loopback, ...shown]));
const listens = (line: string) => says('ss', `${line}\n`);

const bonding = (
  first: string,
  second: string,
  partner: string,
): string => `Ethernet Channel Bonding Driver: v6.1.0-41-amd64

Bonding Mode: IEEE 802.3ad Dynamic link aggregation
Transmit Hash Policy: layer2 (0)
MII Status: up
MII Polling Interval (ms): 100
Up Delay (ms): 0

802.3ad info
LACP active: on
LACP rate: slow
System MAC address: 52:54:00:4d:01:0b
Active Aggregator Info:
	Aggregator ID: 1
	Number of ports: 2
	Partner Mac Address: ${partner}

Slave Interface: eno1
MII Status: ${first}
Speed: 10000 Mbps
Duplex: full
Link Failure Count: 0

Slave Interface: eno2
MII Status: ${second}
Speed: 10000 Mbps
Duplex: full
Link Failure Count: 3
`;

const switchMac = '00:1c:73:aa:bb:cc';
const bond = (first: string, second: string, partner: string) => (machine: Machine) => {
  machine.files['/proc/net/bonding/bond0'] = bonding(first, second, partner);
  cards(
    card('bond0', '10.77.1.11', { linkinfo: { info_kind: 'bond' } }),
    card('eno1', '', { master: 'bond0', addr_info: [] }),
    card('eno2', '', { master: 'bond0', addr_info: [] }),
  )(machine);
};

const modulesMissing: Machine['programs'][string] = (args) => ({
  exitCode: 1,
  stderr: `modprobe: FATAL: Module ${args.at(-1) ?? ''} not found in directory /lib/modules/6.1.0-41-amd64\n`,
});

const faults: readonly Fault[] = [
  [
    'another release',
    file('/etc/os-release', 'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nVERSION_ID="24.04"\nID=ubuntu\n'),
    'release_unsupported',
    'Ubuntu 24.04.1 LTS',
  ],
  [
    'a container',
    says('systemd-detect-virt', (args) =>
      args.includes('--container') ? 'lxc\n' : { exitCode: 1, stdout: 'none\n' },
    ),
    'container',
    'lxc',
  ],
  [
    'a kernel that was upgraded and not booted',
    says('modprobe', modulesMissing),
    'kernel_module_missing',
    'drbd not found in directory /lib/modules/6.1.0-41-amd64',
  ],
  [
    'a module that somebody keeps out',
    says('modprobe', (args) => (args.at(-1) === 'iscsi_target_mod' ? 'install /bin/false \n' : '')),
    'kernel_module_missing',
    'iscsi_target_mod: /etc/modprobe.d says: install /bin/false',
  ],
  [
    'DRBD 9',
    file('/proc/drbd', 'version: 9.2.11 (api:2/proto:86-122)\nGIT-hash: 5d3d17fb65\n'),
    'drbd_version',
    '9.2.11',
  ],
  [
    'a package that is missing',
    gone('/usr/sbin/arping'),
    'program_missing',
    'iputils-arping is missing, or a part of it: arping',
  ],
  [
    'too little memory',
    file('/proc/meminfo', 'MemTotal:   512000 kB\nMemAvailable:  300000 kB\n'),
    'memory_small',
    '500 MiB',
  ],
  [
    'memory that is nearly used up',
    file('/proc/meminfo', 'MemTotal:  8120000 kB\nMemAvailable:   65536 kB\n'),
    'memory_low',
    '64 MiB',
  ],
  [
    'processes that were ended for lack of memory',
    file('/proc/vmstat', 'oom_kill 3\n'),
    'memory_exhausted',
    '3',
  ],
  [
    'swap on the mirror',
    file('/proc/swaps', 'Filename Type Size Used Priority\n/dev/drbd0 partition 1000444 0 -2\n'),
    'swap_on_mirror',
    '/dev/drbd0',
  ],
  [
    'a clock that the processor does not keep',
    file('/sys/devices/system/clocksource/clocksource0/current_clocksource', 'acpi_pm\n'),
    'clock_source_slow',
    'acpi_pm',
  ],
  [
    'a host name with a domain',
    file('/proc/sys/kernel/hostname', 'san-a.example.com\n'),
    'host_name_unfit',
    'san-a.example.com',
  ],
  ['a host name without an address', says('getent', { exitCode: 2 }), 'host_name_unresolved', 'san-a'],
  [
    'Debian’s 127.0.1.1',
    says('getent', '127.0.1.1       STREAM san-a\n127.0.1.1       DGRAM  \n'),
    'host_name_loopback',
    '127.0.1.1',
  ],
  [
    'Pacemaker, still enabled',
    says('systemctl', unitIs('pacemaker', 'enabled', 'inactive')),
    'earlier_pacemaker',
    'starts with the system',
  ],
  [
    'Pacemaker, running',
    says('systemctl', unitIs('pacemaker', 'disabled', 'active')),
    'earlier_pacemaker',
    'pacemaker.service runs',
  ],
  [
    'somebody else’s Corosync',
    file(
      '/etc/corosync/corosync.conf',
      'totem {\n  cluster_name: hacluster\n}\nnodelist {\n  node {\n    ring0_addr: 192.168.7.4\n  }\n}\n',
    ),
    'earlier_corosync',
    'hacluster (192.168.7.4)',
  ],
  [
    'an old resource of DRBD',
    file('/etc/drbd.d/r0.res', 'resource r0 {\n  on alpha { disk /dev/sdb; }\n}\n'),
    'earlier_drbd',
    '/etc/drbd.d/r0.res defines the resource r0',
  ],
  [
    'a resource of DRBD that is up',
    file(
      '/proc/drbd',
      'version: 8.4.11 (api:1/proto:86-101)\nsrcversion: 0\n 0: cs:WFConnection ro:Secondary/Unknown ds:UpToDate/DUnknown C r-----\n    ns:0 nr:0\n 1: cs:Unconfigured\n',
    ),
    'drbd_in_use',
    '/dev/drbd0',
  ],
  [
    'targets that targetcli makes again at the boot',
    (machine) => {
      says('systemctl', unitIs('rtslib-fb-targetctl', 'enabled', 'active'))(machine);
      file(
        '/etc/rtslib-fb-target/saveconfig.json',
        '{"fabric_modules": [], "storage_objects": [{"name": "a"}], "targets": [{"fabric": "iscsi", "wwn": "iqn.2003-01.org.linux-iscsi.alpha:sn.1"}]}',
      )(machine);
    },
    'earlier_target',
    'iqn.2003-01.org.linux-iscsi.alpha:sn.1',
  ],
  [
    'a target that is exported',
    file('/sys/kernel/config/target/iscsi/iqn.2003-01.org.example:x/fabric_statistics', ''),
    'target_in_use',
    'iqn.2003-01.org.example:x',
  ],
  ['Debian’s sbd', says('systemctl', unitIs('sbd', 'enabled', 'inactive')), 'earlier_sbd', 'sbd.service'],
  [
    'no watchdog',
    (machine) => {
      gone('/sys/class/watchdog/watchdog0/identity')(machine);
      gone('/sys/class/watchdog/watchdog0/state')(machine);
    },
    'watchdog_absent',
    'no watchdog',
  ],
  [
    'softdog only',
    file('/sys/class/watchdog/watchdog0/identity', 'Software Watchdog\n'),
    'watchdog_only_soft',
    'softdog',
  ],
  [
    'a watchdog that systemd has',
    file('/sys/class/watchdog/watchdog0/state', 'active\n'),
    'watchdog_taken',
    '/dev/watchdog0 (iTCO_wdt)',
  ],
  ['no disk to mirror', says('lsblk', lsblk(disk('sda', { fstype: 'ext4' }))), 'disk_none_blank', 'no disk'],
  [
    'a cable that is out',
    cards(card('cluster0', '10.77.1.11', { flags: ['BROADCAST', 'MULTICAST', 'UP', 'NO-CARRIER'] })),
    'card_down',
    'cluster0 feels no other end',
  ],
  [
    'a card that is switched off',
    cards(card('cluster0', '10.77.1.11', { flags: ['BROADCAST', 'MULTICAST'] })),
    'card_down',
    'cluster0 is switched off',
  ],
  ['a broken wire', file('/sys/class/net/repl0/speed', '100\n'), 'card_slow', 'repl0 runs at 100 Mbit/s'],
  ['half duplex', file('/sys/class/net/repl0/duplex', 'half\n'), 'card_half_duplex', 'repl0'],
  [
    'damaged packets',
    cards(
      card('repl0', '10.77.2.11', {
        stats64: { rx: { packets: 800_000, errors: 412 }, tx: { packets: 700_000, errors: 0 } },
      }),
    ),
    'card_errors',
    '412 errors in 1500000 packets',
  ],
  ['a tunnel’s MTU', cards(card('repl0', '10.77.2.11', { mtu: 1400 })), 'mtu_small', '1400'],
  [
    'an address by DHCP',
    cards(
      card('mgmt0', '', {
        addr_info: [{ family: 'inet', local: '10.77.0.11', prefixlen: 24, dynamic: true }],
      }),
    ),
    'address_dynamic',
    'mgmt0 has 10.77.0.11 by DHCP',
  ],
  [
    'one subnet on two cards',
    cards(card('stora0', '10.77.3.11'), card('storb0', '10.77.3.12')),
    'subnet_on_two_cards',
    'stora0 and storb0 are both in 10.77.3.0/24',
  ],
  ['a bond that has lost a card', bond('up', 'down', switchMac), 'bond_degraded', 'has lost eno2'],
  [
    'a bond whose switch knows nothing of it',
    bond('up', 'up', '00:00:00:00:00:00'),
    'bond_no_partner',
    'bond0 (IEEE 802.3ad Dynamic link aggregation)',
  ],
  [
    'a bond of one card',
    (machine) => {
      bond('up', 'up', switchMac)(machine);
      const text = bonding('up', 'up', switchMac);
      machine.files['/proc/net/bonding/bond0'] = text.slice(0, text.indexOf('Slave Interface: eno2'));
    },
    'bond_single',
    'one member, eno1',
  ],
  [
    'somebody on the port of iSCSI',
    listens(
      'tcp   LISTEN 0  128  0.0.0.0:3260  0.0.0.0:*  users:(("tgtd",pid=901,fd=6),("tgtd",pid=900,fd=6))',
    ),
    'port_taken',
    'tgtd listens on tcp port 3260',
  ],
  [
    'a tool that does not answer as it should',
    says('lsblk', { exitCode: 1, stderr: 'lsblk: failed to access sysfs directory: /sys/dev/block\n' }),
    'look_failed',
    'could not look at the disks: lsblk --json ended with 1: lsblk: failed to access sysfs directory',
  ],
  [
    'a tool that says something else than it used to',
    says('ip', 'Command "address" is unknown'),
    'look_failed',
    'could not look at the network cards',
  ],
];

test.each(faults)('%s is found, and nothing else', async (_story, stage, code, words) => {
  const machine = healthyMachine();
  stage(machine);
  const complaints = await complaintsOf(machine, alone);
  expect([...new Set(complaints.map((one) => one.code))]).toEqual([code]);
  expect(complaints.map(({ found }) => found).join('\n')).toContain(words);
  expect(complaints.every(({ node }) => node === 'san-a')).toBe(true);
});

test('what is of no matter is not told: a service on one address, a bridge of containers, a member of a bond', async () => {
  const machine = healthyMachine();
  machine.programs['ss'] =
    'tcp LISTEN 0 128 127.0.0.1:3260 0.0.0.0:* users:(("test",pid=9,fd=6))\ntcp LISTEN 0 128 [::1]:7789 [::]:* users:(("test",pid=9,fd=7))\nudp UNCONN 0 0 10.77.1.11:5405 0.0.0.0:* users:(("corosync",pid=9,fd=7))\n';
  machine.programs['ip'] = JSON.stringify([
    ...cardsOf(11),
    card('docker0', '172.17.0.1', {
      flags: ['UP', 'NO-CARRIER'],
      linkinfo: { info_kind: 'bridge' },
      mtu: 1400,
    }),
  ]);
  machine.files['/etc/rtslib-fb-target/saveconfig.json'] =
    '{"targets": [{"wwn": "iqn.2003-01.org.example:x"}]}';
  expect(await complaintsOf(machine, alone)).toEqual([]);
});
