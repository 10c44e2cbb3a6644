const doubled = (name: string): string => name.replaceAll('-', '--');

/** What the device mapper calls a volume: hyphens doubled, one hyphen between group and volume (lvm2, lib/mm). */
export const mappedName = (volumeGroup: string, volume: string): string =>
  `${doubled(volumeGroup)}-${doubled(volume)}`;

/** Whether a device of the device mapper is of this volume group, by its name and its UUID. */
export function isOfGroup(
  volumeGroup: string,
  device: { readonly name: string; readonly uuid: string },
): boolean {
  if (!device.uuid.startsWith('LVM-')) return false;
  const prefix = `${doubled(volumeGroup)}-`;
  return device.name.startsWith(prefix) && !device.name.startsWith(`${prefix}-`);
}
