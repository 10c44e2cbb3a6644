import { readIfThere } from '../kernel-files.ts';
import { parseKernelStatus } from './kernel-status.ts';
import { resourceFilePath, resourceFolder } from './resource-place.ts';

export interface KernelRolePaths {
  /** Where drbdadm finds the resource file that the agent has written. */
  readonly resourceFolder: string;
  readonly kernelStatus: string;
}

const realPaths: KernelRolePaths = { resourceFolder, kernelStatus: '/proc/drbd' };

/**
 * What this node is in that pool, by its kernel, at this moment: two short reads that never wait for a disk, the peer or
 * a change of the role that is under way. drbdadm does not tell its handlers the minor, so that comes from the resource
 * file. undefined: it could not be found out.
 */
export async function kernelRole(
  pool: string,
  paths: KernelRolePaths = realPaths,
): Promise<'Primary' | 'Secondary' | undefined> {
  try {
    const file = await readIfThere(resourceFilePath(paths.resourceFolder, pool));
    const minor = /^ *device \S+ minor ([0-9]+);$/m.exec(file ?? '')?.[1];
    if (minor === undefined) return undefined;
    const role = parseKernelStatus((await readIfThere(paths.kernelStatus)) ?? '', Number(minor))?.role;
    return role === 'Primary' || role === 'Secondary' ? role : undefined;
  } catch {
    return undefined;
  }
}
