import {
  seconds,
  type ClusterFile,
  type FenceDevice,
  type FenceDeviceFile,
  type FenceDeviceFileSettings,
  type FenceDeviceSettings,
} from '../../model/index.ts';

/** IPMI over LAN's own port, and SNMP's. */
const IPMI_PORT = 623;
const SNMP_PORT = 161;

/** A node's devices with what the file leaves out. */
export function fenceDevicesOf({ name, fence }: ClusterFile['nodes'][number]): readonly FenceDevice[] {
  const files = Array.isArray(fence) ? (fence as readonly FenceDeviceFile[]) : [fence as FenceDeviceFile];
  const devices: FenceDevice[] = [];
  for (const { level: asked, timeout, ...file } of files) {
    const before = devices.at(-1);
    const level = asked ?? (before === undefined ? 1 : (before.level ?? 1) + 1);
    const first = `${file.kind}-${name}`;
    const number = devices.filter(({ kind }) => kind === file.kind).length + 1;
    devices.push({
      ...withDefaults(file),
      name: number === 1 ? first : `${first}-${number}`,
      node: name,
      ...(level === 1 ? {} : { level }),
      ...(timeout === undefined ? {} : { timeout: seconds(timeout) }),
    });
  }
  return devices;
}

function withDefaults(file: FenceDeviceFileSettings): FenceDeviceSettings {
  switch (file.kind) {
    case 'ipmi':
      return { ...file, port: file.port ?? IPMI_PORT };
    case 'pdu':
      return { ...file, port: file.port ?? SNMP_PORT, family: file.family ?? 'apc' };
    case 'libvirt':
      return file;
    case 'agents':
      return { ...file, secrets: file.secrets ?? {} };
  }
}
