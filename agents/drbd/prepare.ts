import { failed, failure, success, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { runSuccessfully } from '../command.ts';
import { readIfThere } from '../kernel-files.ts';
import { findSignatures } from '../signatures/signatures.ts';
import { writePrivateFile } from '../write-file.ts';
import { lookForMetadata } from './metadata.ts';
import type { DrbdParameters } from './parameters.ts';
import { renderResourceFile } from './resource-file.ts';
import { renewDisk } from './renewal.ts';
import { resourceFilePath, resourceFolder } from './resource-place.ts';

/** Whether the pool with this very secret was started on this node before. */
export async function carriesMark(
  pool: string,
  sharedSecret: string,
  folder: string = resourceFolder,
): Promise<boolean> {
  const text = await readIfThere(resourceFilePath(folder, pool));
  return text?.includes(`shared-secret "${sharedSecret}"`) === true;
}

/**
 * Gives a detached disk its resource file and, where the pool is new, its metadata.
 *
 * The resource file is the mark of an earlier start of this very pool (its secret is drawn anew for each pool): it is
 * written after the disk was found empty and before metadata is made. So metadata on a disk without the mark is that
 * of another pool, and with the mark it is ours, left by a start that was interrupted.
 */
export async function prepareDisk(
  parameters: DrbdParameters,
  folder: string,
  context: AgentContext,
): Promise<Result<undefined>> {
  const { pool, fresh } = parameters;
  const disk = parameters.disks[context.node];
  if (disk === undefined) {
    return failed(failure('agent_parameters_invalid', `pool ${pool} has no disk on node ${context.node}`));
  }
  if (parameters.renew?.node === context.node) return renewDisk(parameters, disk, folder, context);
  const path = resourceFilePath(folder, pool);
  const metadata = await lookForMetadata(disk);
  if (metadata === 'missing') return failed(failure('disk_missing', `${disk} of pool ${pool} is not there`));

  if (!fresh && metadata === 'none') {
    const what = `${disk} carries no metadata of pool ${pool}, though the pool is not new`;
    return failed(failure('agent_failed', what));
  }
  const marked = await carriesMark(pool, parameters.sharedSecret, folder);
  if (fresh && (metadata === 'none' || !marked)) {
    const signatures = await findSignatures(disk, context);
    if (!signatures.ok) return signatures;
    if (signatures.value.length > 0) {
      return failed(failure('disk_has_data', `${disk} carries ${signatures.value.join(', ')}`));
    }
  }
  await writePrivateFile(path, renderResourceFile(parameters, context.node));
  if (metadata === 'there') return success(undefined);
  const made = await runSuccessfully(context, 'drbdadm', ['create-md', '--force', pool]);
  return made.ok ? success(undefined) : made;
}
