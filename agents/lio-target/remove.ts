import type { Configfs } from '../configfs/configfs.ts';
import { acl, portalGroup } from '../configfs/places.ts';
import { removeLinkedFolder } from '../configfs/remove-linked.ts';

/** Takes an initiator's access away; the kernel ends its session first. */
export async function removeAcl(configfs: Configfs, iqn: string, initiator: string): Promise<void> {
  const path = acl(iqn, initiator);
  const inside = (await configfs.folders(path)) ?? [];
  for (const name of inside.filter((folder) => folder.startsWith('lun_'))) {
    await removeLinkedFolder(configfs, `${path}/${name}`);
  }
  await configfs.removeFolder(path);
}

/** Closes a target and removes all of it. `enable` 0 ends the sessions and waits for what their disks still owe. */
export async function removeTarget(configfs: Configfs, iqn: string): Promise<void> {
  const group = portalGroup(iqn);
  if ((await configfs.folders(group)) !== undefined) {
    if ((await configfs.read(`${group}/enable`)) === '1') await configfs.write(`${group}/enable`, '0');
    for (const portal of (await configfs.folders(`${group}/np`)) ?? []) {
      await configfs.removeFolder(`${group}/np/${portal}`);
    }
    for (const initiator of (await configfs.folders(`${group}/acls`)) ?? []) {
      await removeAcl(configfs, iqn, initiator);
    }
    // LUNs whose resources were never stopped: left over where an agent host died.
    for (const lun of (await configfs.folders(`${group}/lun`)) ?? []) {
      await removeLinkedFolder(configfs, `${group}/lun/${lun}`);
    }
    await configfs.removeFolder(group);
  }
  await configfs.removeFolder(`iscsi/${iqn}`);
}
