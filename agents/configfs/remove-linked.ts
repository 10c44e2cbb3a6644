import type { Configfs } from './configfs.ts';

/** Removes a folder that holds nothing but links (a LUN, a mapped LUN), links first. */
export async function removeLinkedFolder(configfs: Configfs, path: string): Promise<void> {
  for (const link of Object.keys(await configfs.links(path))) await configfs.removeLink(`${path}/${link}`);
  await configfs.removeFolder(path);
}
