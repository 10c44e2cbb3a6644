import { EXTENT, failed, failure, success, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { commandFailed, runSuccessfully } from '../command.ts';
import type { DeviceMapper } from '../device-mapper/device-mapper.ts';
import { mappedName } from '../device-mapper/names.ts';
import { onlyDevice, ownTag, readVolume, type Place } from '../lvm-command/lvm.ts';
import { noRoom, removeTag, removeVolume, unfinishedTag } from '../lvm-command/volumes.ts';
import { readMarks } from './marks.ts';
import { reservationVolume } from './places.ts';

/** Bytes. A registration takes some 300, and a file at least a block. */
const SIZE = 16 * EXTENT;
/** Small blocks, and as many files as ten thousand LUNs need, with a copy of each. */
const FILE_SYSTEM = [
  ...['-q', '-b', '1024', '-N', '24576', '-m', '0', '-J', 'size=8', '-L', 'keelson_res'],
  // Nothing is left to be written later, behind the back of a failover.
  ...['-E', 'lazy_itable_init=0,lazy_journal_init=0,nodiscard'],
];

/**
 * Makes the volume and its file system where there is none; completes what an interrupted call left. Where reservations
 * were kept before, an empty one in their place would have hosts believe that nobody holds any: `reservations_lost`.
 */
export async function makeReservationVolume(
  deviceMapper: DeviceMapper,
  place: Place,
  context: AgentContext,
): Promise<Result<undefined>> {
  const { volumeGroup } = place;
  const found = await readVolume(place, reservationVolume, context);
  if (!found.ok) return found;
  if (found.value !== undefined && !found.value.tags.includes(unfinishedTag)) {
    if (found.value.active) return success(undefined);
    const args = [...onlyDevice(place.device), '--activate', 'y', `${volumeGroup}/${reservationVolume}`];
    const activated = await runSuccessfully(context, 'lvchange', args);
    return activated.ok ? success(undefined) : activated;
  }
  const marks = await readMarks(place, context);
  if (!marks.ok) return marks;
  if (marks.value.length > 0)
    return failed(failure('reservations_lost', `${volumeGroup}/${reservationVolume} is gone`));
  if (found.value !== undefined) {
    const removed = await removeVolume(place, reservationVolume, context);
    if (!removed.ok) return removed;
  }
  const args = [
    ...onlyDevice(place.device),
    ...['--yes', '--wipesignatures', 'y', '--size', `${SIZE}b`, '--name', reservationVolume],
    ...['--addtag', ownTag, '--addtag', unfinishedTag, volumeGroup],
  ];
  const made = await context.run('lvcreate', args);
  if (!made.ok) return made;
  if (made.value.exitCode !== 0)
    return noRoom(place, SIZE, made.value) ?? commandFailed('lvcreate', args, made.value);
  const device = await deviceMapper.find(mappedName(volumeGroup, reservationVolume));
  if (device === undefined)
    return failed(failure('agent_failed', `${volumeGroup}/${reservationVolume} is not active`));
  const filled = await runSuccessfully(context, 'mke2fs', [
    '-t',
    'ext4',
    ...FILE_SYSTEM,
    `/dev/${device.kernelName}`,
  ]);
  return filled.ok ? removeTag(place, reservationVolume, unfinishedTag, context) : filled;
}
