/** What a package is made of. Paths of sources are relative to the checkout, the others absolute on the machine. */
export interface PackageContents {
  readonly name: string;
  readonly libraryFolder: string;
  /** Programs: the bundle's name in the library folder to its TypeScript entry. */
  readonly entries: Readonly<Record<string, string>>;
  /** Commands: a path on the machine to the bundle that it runs. */
  readonly commands: Readonly<Record<string, string>>;
  /** Shell scripts: a path on the machine to the source. */
  readonly scripts: Readonly<Record<string, string>>;
  /** Compiled code is kept here for root; absent: nowhere. */
  readonly cacheFolder?: string;
  /** Packages that are not bundled, to the files of them that are needed. */
  readonly nativePackages: Readonly<Record<string, readonly string[]>>;
  /** Whether the units of systemd/ belong to it. */
  readonly hasUnits: boolean;
  /** In debian/. */
  readonly maintainerScripts: readonly string[];
  /** Debian packages that it needs, and those that some set-ups use. */
  readonly dependencies: readonly string[];
  readonly suggestions: readonly string[];
  /** As Debian wants it: a line, and indented ones. */
  readonly description: string;
}

const libraryFolder = '/usr/lib/keelson';

/** For the two nodes. */
export const nodePackage: PackageContents = {
  name: 'keelson',
  libraryFolder,
  entries: {
    keelsond: 'src/daemon/keelsond.ts',
    'agent-host': 'src/daemon/agent-host.ts',
    api: 'src/daemon/api.ts',
    keelson: 'src/cli/keelson.ts',
  },
  commands: { '/usr/bin/keelson': 'keelson' },
  // The kernel's DRBD calls it, by way of drbdadm.
  scripts: { [`${libraryFolder}/drbd-fence-peer`]: 'agents/drbd/fence-peer.sh' },
  cacheFolder: '/var/cache/keelson',
  // With native code; and one whose size every start of a command would feel.
  nativePackages: {
    koffi: [
      'package.json',
      'index.js',
      'index.cjs',
      'src/koffi/index.js',
      'src/koffi/index.cjs',
      'src/koffi/src/static.js',
      'src/koffi/src/static.cjs',
      'LICENSE.txt',
    ],
    '@koromix/koffi-linux-x64': ['package.json', 'index.js', 'linux_x64'],
    '@viz-js/viz': ['package.json', 'dist/viz.js'],
  },
  hasUnits: true,
  maintainerScripts: ['postinst', 'prerm', 'postrm'],
  dependencies: [
    'corosync',
    'libcpg4',
    'libquorum5',
    'libvotequorum8',
    'libcmap4',
    'drbd-utils',
    'lvm2',
    'thin-provisioning-tools',
    'e2fsprogs',
    'mount',
    'ipmitool',
    'iproute2',
    'iputils-arping',
    'iputils-ping',
    'kmod',
    'openssl',
    'passwd',
  ],
  suggestions: ['corosync-qdevice', 'sbd', 'libvirt-clients', 'fence-agents', 'resource-agents', 'nftables'],
  description: `turns two servers into one highly available iSCSI SAN
 Keelson mirrors a disk between two servers with DRBD, cuts volumes out of it
 with LVM and exports them with the kernel's iSCSI target. Where one server
 fails, the other takes over within seconds, after the failed one is proven to
 be off.
 .
 This package holds the engine, its agents, the REST API, the command line and
 the Node.js runtime they run on.`,
};

/** For a third machine, which has another job: nothing of Corosync itself, of DRBD or of LVM comes with it. */
export const witnessPackage: PackageContents = {
  name: 'keelson-witness',
  libraryFolder: '/usr/lib/keelson-witness',
  entries: { 'keelson-witness': 'src/witness/keelson-witness.ts' },
  commands: { '/usr/sbin/keelson-witness': 'keelson-witness' },
  scripts: {},
  nativePackages: {},
  hasUnits: false,
  maintainerScripts: [],
  dependencies: ['corosync-qnetd', 'libnss3-tools', 'openssl'],
  suggestions: [],
  description: `third vote for a highly available iSCSI SAN of two servers
 Sets up Debian's corosync-qnetd on a third machine, so that it decides which
 of two Keelson nodes goes on when they do not hear each other. One machine
 can do this for many clusters.
 .
 This package holds one command, which makes the certificates of both sides,
 and the Node.js runtime it runs on.`,
};

export const packages: readonly PackageContents[] = [nodePackage, witnessPackage];
