/** What the package is made of. Paths of sources are relative to the checkout, the others absolute on the node. */
export const libraryFolder = '/usr/lib/keelson';

/** Programs: TypeScript entry to the bundle's name in the library folder. */
export const entries: Readonly<Record<string, string>> = {
  keelsond: 'src/daemon/keelsond.ts',
  'agent-host': 'src/daemon/agent-host.ts',
  api: 'src/daemon/api.ts',
  keelson: 'src/cli/keelson.ts',
  'drbd-handler': 'src/daemon/drbd-handler.ts',
};

/** Commands: a path on the node, and the bundle it runs. */
export const commands: Readonly<Record<string, keyof typeof entries>> = {
  '/usr/bin/keelson': 'keelson',
  // The kernel calls this one by way of DRBD's fence-peer handler.
  [`${libraryFolder}/drbd-fence-peer`]: 'drbd-handler',
};

/**
 * Packages with native code stay packages, and so does one whose size every start of a command would feel: name to the
 * files of it that a node needs.
 */
export const nativePackages: Readonly<Record<string, readonly string[]>> = {
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
};

/** Debian packages that a node needs. */
export const dependencies: readonly string[] = [
  'corosync',
  'libcpg4',
  'libquorum5',
  'libvotequorum8',
  'libcmap4',
  'drbd-utils',
  'lvm2',
  'thin-provisioning-tools',
  'ipmitool',
  'iproute2',
  'iputils-arping',
  'kmod',
  'openssl',
  'passwd',
];

/** Agents and programs that some set-ups use. */
export const suggestions: readonly string[] = [
  'corosync-qdevice',
  'iputils-ping',
  'sbd',
  'libvirt-clients',
  'fence-agents',
  'resource-agents',
  'nftables',
];
