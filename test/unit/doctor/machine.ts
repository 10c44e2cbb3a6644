import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { diagnoseNode, examinationOf, type Situation } from '../../../src/diagnosis/index.ts';
import { success, type Diagnosis, type NodeFacts } from '../../../src/model/index.ts';
import { examine } from '../../../src/platform/doctor/examine.ts';
import type { Run } from '../../../src/platform/processes/run.ts';

/** What a program says, or how it ends where that is not with 0; a function sees its arguments. */
type Said = string | { readonly exitCode: number; readonly stdout?: string; readonly stderr?: string };
type Says = Said | ((args: readonly string[]) => Said);

/** A machine as its files and the words of its programs. */
export interface Machine {
  files: Record<string, string>;
  programs: Record<string, Says>;
  isClockDisciplined: boolean;
  reaches: boolean;
}

const installed = [
  ...[
    'drbdadm',
    'drbdmeta',
    'drbdsetup',
    'lvm',
    'corosync',
    'corosync-cfgtool',
    'arping',
    'ip',
    'ss',
    'modprobe',
  ],
  ...['openssl', 'ping', 'blockdev', 'lsblk', 'wipefs', 'ipmitool'],
];

export const disk = (name: string, more: object = {}): object => ({
  path: `/dev/${name}`,
  type: 'disk',
  size: 34359738368,
  'log-sec': 512,
  ro: false,
  rm: false,
  tran: 'sas',
  fstype: null,
  mountpoints: [null],
  ...more,
});

/** As lsblk prints it. */
export const lsblk = (...blockdevices: readonly object[]): string => JSON.stringify({ blockdevices });

const systemDisk = disk('sda', {
  children: [
    disk('sda1', { type: 'part', fstype: 'vfat', mountpoints: ['/boot/efi'] }),
    disk('sda2', { type: 'part', fstype: 'ext4', mountpoints: ['/'] }),
  ],
});

/** As `ip -json -details -statistics address show` prints it, as far as it is read. */
export const card = (name: string, address: string, more: object = {}): object => ({
  ifname: name,
  flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
  mtu: 1500,
  operstate: 'UP',
  link_type: 'ether',
  address: '52:54:00:4d:00:0b',
  stats64: { rx: { packets: 800_000, errors: 0 }, tx: { packets: 700_000, errors: 0 } },
  addr_info: [{ family: 'inet', local: address, prefixlen: 24, scope: 'global', label: name }],
  ...more,
});

export const loopback = {
  ifname: 'lo',
  flags: ['LOOPBACK', 'UP', 'LOWER_UP'],
  mtu: 65536,
  link_type: 'loopback',
  addr_info: [{ family: 'inet', local: '127.0.0.1', prefixlen: 8 }],
};

export const cardsOf = (last: number): readonly object[] => [
  loopback,
  ...['mgmt0', 'cluster0', 'repl0', 'stora0', 'storb0'].map((name, network) =>
    card(name, `10.77.${network}.${last}`),
  ),
];

/** As `ping -q` ends; of twenty. */
export const pinged = (received: number, average: number): Said => {
  const times =
    received === 0 ? '' : `rtt min/avg/max/mdev = ${average / 2}/${average}/${average * 2}/0.016 ms\n`;
  return {
    exitCode: received === 0 ? 1 : 0,
    stdout: `PING 10.77.1.12 (10.77.1.12) from 10.77.1.11 : 56(84) bytes of data.\n\n--- 10.77.1.12 ping statistics ---\n20 packets transmitted, ${received} received, ${(20 - received) * 5}% packet loss, time 2016ms\n${times}`,
  };
};

/** As arping tells who answers. */
export const answeredBy = (mac: string): Said => ({
  exitCode: 1,
  stdout: `ARPING 10.77.1.11 from 0.0.0.0 cluster0\nUnicast reply from 10.77.1.11 [${mac.toUpperCase()}]  0.520ms\nSent 1 probes (1 broadcast(s))\nReceived 1 response(s)\n`,
});

/** As `ip -json route get` tells the way: to an own address, or in a subnet. */
const routeTo = (address: string, last: number): string =>
  JSON.stringify([
    address.endsWith(`.${last}`)
      ? { type: 'local', dst: address, dev: 'lo', prefsrc: address, flags: [], cache: ['local'] }
      : { dst: address, dev: 'stora0', prefsrc: `10.77.3.${last}`, flags: [], cache: [] },
  ]);

const ownCard = (address: string): object => ({
  ifname: 'cluster0',
  mtu: 1500,
  addr_info: [{ family: 'inet', local: address, prefixlen: 24 }],
});

const units = (states: Readonly<Record<string, string>> = {}): string =>
  ['pacemaker', 'corosync', 'drbd', 'sbd', 'rtslib-fb-targetctl', 'multipathd']
    .map((name) => `Id=${name}.service\n${states[name] ?? 'UnitFileState=disabled\nActiveState=inactive'}\n`)
    .join('\n');

/** One of the units is otherwise than disabled and at rest. */
export const unitIs = (name: string, enabled: string, active: string): string =>
  units({ [name]: `UnitFileState=${enabled}\nActiveState=${active}` });

/** What Debian's package installs. */
const debiansCorosync = `# Please read the corosync.conf.5 manual page
totem {
	version: 2
	cluster_name: debian
	crypto_cipher: none
}
nodelist {
	# Change/uncomment/add node sections to match cluster configuration
	node {
		name: node1
		nodeid: 1
		ring0_addr: 127.0.0.1
	}
}
`;

/** Two of them would make a SAN: Debian 12 on metal, nothing set up yet. */
export function healthyMachine(): Machine {
  return {
    files: {
      '/etc/os-release':
        'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n',
      '/proc/sys/kernel/osrelease': '6.1.0-41-amd64\n',
      '/proc/sys/kernel/hostname': 'san-a\n',
      '/proc/meminfo':
        'MemTotal:       32764096 kB\nMemFree:        22573780 kB\nMemAvailable:   23423376 kB\n',
      '/proc/vmstat': 'pgfault 45323\noom_kill 0\n',
      '/proc/swaps': 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/sda3 partition 1000444 0 -2\n',
      '/sys/devices/system/clocksource/clocksource0/current_clocksource': 'tsc\n',
      '/etc/corosync/corosync.conf': debiansCorosync,
      '/etc/drbd.d/global_common.conf': 'global {\n\tusage-count yes;\n}\n',
      '/sys/class/watchdog/watchdog0/identity': 'iTCO_wdt\n',
      '/sys/class/watchdog/watchdog0/state': 'inactive\n',
      '/var/log/syslog': '',
      '/var/lib/keep': '',
      ...Object.fromEntries(
        ['mgmt0', 'cluster0', 'repl0', 'stora0', 'storb0'].flatMap((name) => [
          [`/sys/class/net/${name}/speed`, '10000\n'],
          [`/sys/class/net/${name}/duplex`, 'full\n'],
        ]),
      ),
      ...Object.fromEntries(installed.map((name) => [`/usr/sbin/${name}`, ''])),
    },
    programs: {
      'systemd-detect-virt': { exitCode: 1, stdout: 'none\n' },
      modprobe: (args) => `insmod /lib/modules/6.1.0-41-amd64/kernel/${args.at(-1) ?? ''}.ko \n`,
      modinfo: '8.4.11\n',
      lsblk: lsblk(systemDisk, disk('sdb')),
      systemctl: units(),
      getent: '10.77.0.11      STREAM san-a\n10.77.0.11      DGRAM  \n10.77.0.11      RAW    \n',
      ip: JSON.stringify(cardsOf(11)),
      'ip route': (args) => routeTo(args.at(-1) ?? '', 11),
      'ip address': (args) => JSON.stringify([{}, ownCard((args.at(-1) ?? '').replace('/32', ''))]),
      ping: pinged(20, 0.42),
      arping: (args) =>
        `ARPING ${args.at(-1) ?? ''} from 0.0.0.0 cluster0\nSent 2 probes (2 broadcast(s))\nReceived 0 response(s)\n`,
      ss: 'udp   UNCONN 0      0      127.0.0.1:323        0.0.0.0:*    users:(("chronyd",pid=612,fd=5))\ntcp   LISTEN 0      128    0.0.0.0:22           0.0.0.0:*    users:(("sshd",pid=700,fd=3))\ntcp   LISTEN 0      511    0.0.0.0:8443         0.0.0.0:*    users:(("MainThread",pid=801,fd=21))\n',
    },
    isClockDisciplined: true,
    reaches: true,
  };
}

/** Of its own, without a cluster. */
export const alone: Situation = { node: 'san-a', config: undefined, candidates: [] };

function runOf({ programs }: Machine): Run {
  return (program, args) => {
    // `ip` is asked for three things: all cards, the way to an address, the card with an address.
    const asked = program === 'ip' && !args.includes('-details') ? `ip ${args[1] ?? ''}` : program;
    const says = programs[asked];
    if (says === undefined) throw new Error(`the machine has no words for ${program} ${args.join(' ')}`);
    const said = typeof says === 'function' ? says(args) : says;
    const ended = typeof said === 'string' ? { exitCode: 0, stdout: said } : said;
    return Promise.resolve(success({ stdout: '', stderr: '', ...ended }));
  };
}

export async function factsOf(machine: Machine, situation: Situation): Promise<NodeFacts> {
  const root = mkdtempSync(join(tmpdir(), 'keelson-doctor-'));
  try {
    for (const [path, text] of Object.entries(machine.files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text, { mode: 0o755 });
    }
    return await examine(examinationOf(situation), '1.2.3', {
      root,
      run: runOf(machine),
      isClockDisciplined: () => machine.isClockDisciplined,
      reaches: () => Promise.resolve(machine.reaches),
      neighbours: () => Promise.resolve([]),
    });
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** What the doctor says of it, without what only informs. */
export async function complaintsOf(machine: Machine, situation: Situation): Promise<readonly Diagnosis[]> {
  const all = diagnoseNode(await factsOf(machine, situation), situation);
  return all.filter(({ weight }) => weight !== 'informs');
}
