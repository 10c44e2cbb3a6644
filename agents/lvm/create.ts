import { failed, failure, success, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { runSuccessfully } from '../command.ts';
import { onlyDevice, ownTag, readGroups, readVolume } from '../lvm-command/lvm.ts';
import { metaVolume } from '../lvm-command/meta-volume.ts';
import { findSignatures } from '../signatures/signatures.ts';
import type { LvmParameters } from './parameters.ts';

/**
 * LVM describes the whole group anew at every change, some 600 bytes for each volume, and what it describes may fill half
 * of this area. LVM's own 1 MiB is enough for about a thousand LUNs, and cannot be made larger later.
 */
const METADATA_AREA = '32m';

const foreign = (device: string, what: string): Result<never> =>
  failed(failure('disk_has_data', `${device} carries ${what}`));

async function createGroup(parameters: LvmParameters, context: AgentContext): Promise<Result<undefined>> {
  const { volumeGroup, device } = parameters;
  const groups = await readGroups(device, context);
  if (!groups.ok) return groups;
  const [group] = groups.value;
  if (group !== undefined) {
    if (group.name === volumeGroup && group.tags.includes(ownTag)) return success(undefined);
    return foreign(device, `the volume group ${group.name}, which is not Keelson's`);
  }
  const signatures = await findSignatures(device, context);
  if (!signatures.ok) return signatures;
  // A physical volume without a group holds nothing: vgcreate was interrupted.
  const data = signatures.value.filter((type) => type !== 'LVM2_member');
  if (data.length > 0) return foreign(device, data.join(', '));
  const made = await runSuccessfully(context, 'vgcreate', [
    ...onlyDevice(device),
    '--addtag',
    ownTag,
    // Only Keelson activates it, and only on the Primary.
    '--setautoactivation',
    'n',
    '--metadatasize',
    METADATA_AREA,
    volumeGroup,
    device,
  ]);
  return made.ok ? success(undefined) : made;
}

/** Makes the volume group and its metadata volume; completes what an interrupted call left. */
export async function createVolumeGroup(
  parameters: LvmParameters,
  context: AgentContext,
): Promise<Result<undefined>> {
  const group = await createGroup(parameters, context);
  if (!group.ok) return group;
  const meta = await readVolume(parameters, metaVolume, context);
  if (!meta.ok) return meta;
  if (meta.value !== undefined) return success(undefined);
  const made = await runSuccessfully(context, 'lvcreate', [
    ...onlyDevice(parameters.device),
    '--yes',
    '--wipesignatures',
    'y',
    '--extents',
    '1',
    '--name',
    metaVolume,
    '--addtag',
    ownTag,
    parameters.volumeGroup,
  ]);
  return made.ok ? success(undefined) : made;
}
