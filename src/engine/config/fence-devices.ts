import {
  invariant,
  messageWait,
  milliseconds,
  seconds,
  type ClusterFile,
  type FenceDevice,
  type FenceDeviceFile,
  type FenceDeviceFileSettings,
  type FenceDeviceSettings,
  type Milliseconds,
} from '../../model/index.ts';

/** IPMI over LAN's own port, SNMP's and SSH's. */
const IPMI_PORT = 623;
const SNMP_PORT = 161;
const SSH_PORT = 22;

/** What the kernel calls the first one, and sbd's own default for its time, in seconds. */
const WATCHDOG = '/dev/watchdog';
const WATCHDOG_TIMEOUT = 5;
/** A call writes, waits for the disks' msgwait, and may have to wait for a slow disk before and after it. */
const SBD_MARGIN = seconds(10);

/** A node's devices with what the file leaves out. `sbdDisks`: the UUID of each SBD disk, where it has one already. */
export function fenceDevicesOf(
  { name, fence }: ClusterFile['nodes'][number],
  sbd: ClusterFile['sbd'],
  sbdDisks: Readonly<Record<string, string>>,
): readonly FenceDevice[] {
  const files = Array.isArray(fence) ? (fence as readonly FenceDeviceFile[]) : [fence as FenceDeviceFile];
  const devices: FenceDevice[] = [];
  for (const { level: asked, timeout, ...rest } of files) {
    const { sharesPower, ...file } = 'sharesPower' in rest ? rest : { ...rest, sharesPower: undefined };
    const before = devices.at(-1);
    const level = asked ?? (before === undefined ? 1 : (before.level ?? 1) + 1);
    const first = `${file.kind}-${name}`;
    const number = devices.filter(({ kind }) => kind === file.kind).length + 1;
    const settings = withDefaults(file, sbd, sbdDisks);
    const patience = timeout === undefined ? ownTimeout(settings) : seconds(timeout);
    devices.push({
      ...settings,
      name: number === 1 ? first : `${first}-${number}`,
      node: name,
      ...(level === 1 ? {} : { level }),
      ...(patience === undefined ? {} : { timeout: patience }),
      ...(sharesPower === true ? { sharesPower } : {}),
    });
  }
  return devices;
}

/** Of a device that needs its own; undefined: the engine's. */
const ownTimeout = (settings: FenceDeviceSettings): Milliseconds | undefined =>
  settings.kind === 'sbd' ? milliseconds(messageWait(settings) + SBD_MARGIN) : undefined;

function withDefaults(
  file: FenceDeviceFileSettings,
  sbd: ClusterFile['sbd'],
  sbdDisks: Readonly<Record<string, string>>,
): FenceDeviceSettings {
  switch (file.kind) {
    case 'ipmi':
      return { ...file, port: file.port ?? IPMI_PORT };
    case 'pdu':
      return { ...file, port: file.port ?? SNMP_PORT, family: file.family ?? 'apc' };
    case 'libvirt':
      return file;
    case 'agents':
      return { ...file, secrets: file.secrets ?? {} };
    case 'ssh':
      return { ...file, port: file.port ?? SSH_PORT, testOnly: true };
    case 'null':
      return { ...file, testOnly: true };
    case 'sbd':
      invariant(sbd !== undefined, 'the schema has seen to the section sbd');
      return {
        ...file,
        disks: Object.fromEntries(sbd.disks.map((disk) => [disk, sbdDisks[disk] ?? ''])),
        watchdog: sbd.watchdog ?? WATCHDOG,
        watchdogTimeout: seconds(sbd.watchdogTimeout ?? WATCHDOG_TIMEOUT),
      };
  }
}
