import { failed, failure, success, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { runSuccessfully } from '../command.ts';
import { onlyDevice, readVolume, type Place } from '../lvm-command/lvm.ts';
import { metaVolume } from '../lvm-command/meta-volume.ts';

/**
 * Which LUNs hosts have ever registered for is known to LVM as well, as tags on the group's metadata volume: where the
 * reservations cannot be read, all other LUNs are served.
 */
const prefix = 'keelson_reserved_';

/** Serials. */
export async function readMarks(place: Place, context: AgentContext): Promise<Result<readonly string[]>> {
  const meta = await readVolume(place, metaVolume, context);
  if (!meta.ok) return meta;
  if (meta.value === undefined)
    return failed(failure('pool_not_ready', `${place.volumeGroup} has no ${metaVolume}`));
  const marks = meta.value.tags.filter((tag) => tag.startsWith(prefix));
  return success(marks.map((tag) => tag.slice(prefix.length)));
}

/** May be repeated. */
export async function changeMark(
  change: 'add' | 'delete',
  place: Place,
  serial: string,
  context: AgentContext,
): Promise<Result<undefined>> {
  const option = change === 'add' ? '--addtag' : '--deltag';
  const args = [
    ...onlyDevice(place.device),
    option,
    `${prefix}${serial}`,
    `${place.volumeGroup}/${metaVolume}`,
  ];
  const changed = await runSuccessfully(context, 'lvchange', args);
  return changed.ok ? success(undefined) : changed;
}
