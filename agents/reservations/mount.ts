import { mkdir, readdir } from 'node:fs/promises';
import { failed, failure, success, type Failure, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { commandFailed, complaint, runSuccessfully } from '../command.ts';
import type { DeviceMapper } from '../device-mapper/device-mapper.ts';
import { mappedName } from '../device-mapper/names.ts';
import type { Place } from '../lvm-command/lvm.ts';
import { pause } from '../pause.ts';
import { readMarks } from './marks.ts';
import {
  copiesFolder,
  fileOf,
  mounted,
  mountPoint,
  reservationVolume,
  writtenFolder,
  type ReservationPlaces,
} from './places.ts';
import { readVerdict, removeVerdict, writeVerdict } from './verdict.ts';
import { makeReservationVolume } from './volume.ts';

/** What the kernel writes is on the disks of both nodes before a host is told so (`sync`). */
const OPTIONS = 'sync,data=journal,noexec,nodev,nosuid,noatime,errors=remount-ro';
/** e2fsck: mended what was wrong, 1, or should be followed by a reboot where it is mounted, 2; from 4 on it could not. */
const WELL = [0, 1, 2];
/** Milliseconds until another attempt. */
const AGAIN = 300_000;

export interface ReservationWorld {
  readonly deviceMapper: DeviceMapper;
  readonly reservations: ReservationPlaces;
}

/** Resolves with whether the file system had to be mended. */
async function mount(
  { deviceMapper, reservations }: ReservationWorld,
  { volumeGroup }: Place,
  context: AgentContext,
): Promise<Result<'as it was' | 'mended'>> {
  const device = await deviceMapper.find(mappedName(volumeGroup, reservationVolume));
  if (device === undefined)
    return failed(failure('reservations_unavailable', `${volumeGroup} has no ${reservationVolume}`));
  const path = `/dev/${device.kernelName}`;
  const checked = await context.run('e2fsck', ['-p', path]);
  if (!checked.ok) return checked;
  if (!WELL.includes(checked.value.exitCode)) return commandFailed('e2fsck', ['-p', path], checked.value);
  if (checked.value.exitCode !== 0) context.log(`${reservationVolume}: ${complaint(checked.value)}`);
  const point = mountPoint(reservations, volumeGroup);
  await mkdir(point, { recursive: true, mode: 0o700 });
  const done = await runSuccessfully(context, 'mount', ['-t', 'ext4', '-o', OPTIONS, path, point]);
  if (!done.ok) return done;
  if (mounted(reservations, volumeGroup) === undefined)
    return failed(failure('reservations_unavailable', `${path} is not mounted after all`));
  for (const folder of [writtenFolder(reservations, volumeGroup), copiesFolder(reservations, volumeGroup)])
    await mkdir(folder, { recursive: true, mode: 0o700 });
  return success(checked.value.exitCode === 0 ? 'as it was' : 'mended');
}

/** LUNs that hosts have registered for, and of which a file system that was mended has nothing any more. */
async function missing(
  places: ReservationPlaces,
  { volumeGroup }: Place,
  marks: readonly string[],
): Promise<readonly string[]> {
  const names = [
    ...(await readdir(writtenFolder(places, volumeGroup))),
    ...(await readdir(copiesFolder(places, volumeGroup))),
  ];
  return marks.filter((serial) => !names.includes(fileOf(serial)));
}

/**
 * Has the reservations of a group at hand, or writes down for its LUNs why not, and which of them need them. It never
 * fails: a LUN that nobody has registered for is served whatever became of them. `make`: where there is no volume.
 */
export async function openReservations(
  world: ReservationWorld,
  place: Place,
  context: AgentContext,
  { make }: { readonly make: boolean },
): Promise<void> {
  const { reservations } = world;
  const { volumeGroup } = place;
  if (mounted(reservations, volumeGroup) !== undefined) return;
  const made = make ? await makeReservationVolume(world.deviceMapper, place, context) : success(undefined);
  const opened = made.ok ? await mount(world, place, context) : made;
  if (opened.ok && opened.value === 'as it was') return removeVerdict(reservations, volumeGroup);
  const marks = await readMarks(place, context);
  if (!opened.ok) {
    const lost = marks.ok ? [...marks.value] : null;
    return judge(world, place, context, opened.failure, lost, make ? AGAIN : 0);
  }
  const lost = marks.ok ? [...(await missing(reservations, place, marks.value))] : null;
  if (lost?.length === 0) return removeVerdict(reservations, volumeGroup);
  const what = failure('reservations_lost', 'e2fsck had to mend the file system');
  return judge(world, place, context, what, lost, 0);
}

async function judge(
  { reservations }: ReservationWorld,
  { volumeGroup }: Place,
  context: AgentContext,
  { message }: Failure,
  lost: string[] | null,
  patience: number,
): Promise<void> {
  const whom = lost === null ? 'all LUNs' : `${lost.length} LUNs`;
  context.log(`the reservations of ${volumeGroup}: ${message}; needed by ${whom}`);
  const again = Date.now() + patience;
  await writeVerdict(reservations, volumeGroup, { reason: message.slice(0, 300), lost, again });
}

/**
 * What a reload of the group may put right: it is not mounted, and nobody has tried, or long ago. A reload that did not
 * manage leaves none, for the group is well.
 */
export async function reservationDrift(
  places: ReservationPlaces,
  volumeGroup: string,
): Promise<Failure | undefined> {
  if (mounted(places, volumeGroup) !== undefined) return undefined;
  const verdict = await readVerdict(places, volumeGroup);
  if (verdict !== undefined && Date.now() < verdict.again) return undefined;
  return failure('reservations_unavailable', verdict?.reason ?? `${volumeGroup} has none at hand`);
}

const ATTEMPTS = 10;
/** Milliseconds. */
const PAUSE = 100;

/** Before the group is deactivated. A copy that is being written is waited for. */
export async function closeReservations(
  { reservations }: ReservationWorld,
  volumeGroup: string,
  context: AgentContext,
): Promise<Result<undefined>> {
  for (let attempt = 1; ; attempt += 1) {
    if (mounted(reservations, volumeGroup) === undefined) return success(undefined);
    const done = await runSuccessfully(context, 'umount', [mountPoint(reservations, volumeGroup)]);
    if (attempt >= ATTEMPTS)
      return done.ok
        ? failed(failure('agent_failed', `${volumeGroup}: its reservations stay mounted`))
        : done;
    if (!done.ok) await pause(PAUSE, context.signal);
  }
}
