import { readFile, readlink, rename, rm, symlink, open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { failed, failure, success, type Result } from '../../src/model/index.ts';
import { isGone } from '../kernel-files.ts';
import { isSystemError } from '../system-error.ts';
import { copiesFolder, fileOf, mounted, writtenFolder, type ReservationPlaces } from './places.ts';
import { asWritten, readRegistrations, type Registration } from './registrations.ts';
import { readVerdict } from './verdict.ts';

export async function readWhole(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'latin1');
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Through a loss of power it is the old content or the new one. Only one at a time for each path. */
export async function replace(path: string, content: string): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(content, 'latin1');
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}

/** What is known of a LUN's reservations. */
export interface Recalled {
  readonly registrations: readonly Registration[];
  /** The kernel's file was torn, and this is its last good copy. */
  readonly isCopy: boolean;
}

/**
 * What hosts have registered for a LUN, before it is served. `reservations_unavailable`: it cannot be read now;
 * `reservations_lost`: it was, and is not there any more. Of a LUN for which nobody has registered neither is said.
 */
export async function recall(
  places: ReservationPlaces,
  { volumeGroup, serial }: { readonly volumeGroup: string; readonly serial: string },
): Promise<Result<Recalled>> {
  const nothing: Recalled = { registrations: [], isCopy: false };
  const verdict = await readVerdict(places, volumeGroup);
  const isMissed = verdict !== undefined && (verdict.lost?.includes(serial) ?? true);
  if (mounted(places, volumeGroup) === undefined) {
    if (verdict !== undefined && !isMissed) return success(nothing);
    const reason = verdict?.reason ?? `those of ${volumeGroup} are not at hand yet`;
    return failed(failure('reservations_unavailable', reason));
  }
  const path = join(writtenFolder(places, volumeGroup), fileOf(serial));
  const written = await readWhole(path);
  const copy = await readWhole(join(copiesFolder(places, volumeGroup), fileOf(serial)));
  const registrations = written === undefined ? undefined : readRegistrations(written);
  if (registrations !== undefined) return success({ registrations, isCopy: false });
  const copied = copy === undefined ? undefined : readRegistrations(copy);
  if (copy !== undefined && copied !== undefined) {
    // The next failover finds it whole.
    await replace(path, copy);
    return success({ registrations: copied, isCopy: true });
  }
  if (written === undefined && copy === undefined && !isMissed) return success(nothing);
  const what = written === undefined ? 'is gone' : 'is torn';
  return failed(failure('reservations_lost', `${path} ${what}, and there is no good copy`));
}

/** Has the kernel write a LUN's file where the other node finds it. While nothing is mounted there it cannot write. */
export async function leadKernel(
  places: ReservationPlaces,
  { volumeGroup, serial }: { readonly volumeGroup: string; readonly serial: string },
): Promise<void> {
  const link = join(places.kernelFolder, fileOf(serial));
  const target = join(writtenFolder(places, volumeGroup), fileOf(serial));
  try {
    if ((await readlink(link)) === target) return;
  } catch (error) {
    // EINVAL: a file, of a time when it was not shared.
    if (!isGone(error) && !(isSystemError(error) && error.code === 'EINVAL')) throw error;
  }
  await rm(link, { force: true });
  await symlink(target, link);
}

/** Milliseconds in which the kernel ends what it began to write. */
const SETTLED = 200;

/**
 * Who does not see the LUN any more has no registration: the kernel drops it with the mapping, but leaves its file as it
 * was, and a later failover would bring it back to a host that sees the LUN again. What the kernel writes meanwhile into
 * the file that is replaced is not lost: that is looked at once more.
 */
export async function leaveOut(
  places: ReservationPlaces,
  {
    volumeGroup,
    serial,
    initiators,
  }: {
    readonly volumeGroup: string;
    readonly serial: string;
    readonly initiators: readonly string[];
  },
): Promise<void> {
  if (mounted(places, volumeGroup) === undefined) return;
  const path = join(writtenFolder(places, volumeGroup), fileOf(serial));
  const content = await readWhole(path);
  if (content === undefined || without(content, initiators) === content) return;
  const before = await open(path, 'r');
  try {
    await replace(path, without(content, initiators));
    await wait(SETTLED);
    const { buffer, bytesRead } = await before.read(Buffer.alloc(MOST), 0, MOST, 0);
    const after = buffer.toString('latin1', 0, bytesRead);
    if (after !== content && readRegistrations(after) !== undefined)
      await replace(path, without(after, initiators));
  } finally {
    await before.close();
  }
}

/** Bytes: more than the kernel writes for a thousand hosts. */
const MOST = 2 ** 20;

function without(content: string, initiators: readonly string[]): string {
  const registrations = readRegistrations(content);
  const kept = registrations?.filter(({ initiator }) => initiators.includes(initiator));
  return kept === undefined || kept.length === registrations?.length ? content : asWritten(kept);
}

/** A LUN is gone for ever: so are its files. Resolves with whether there were any. */
export async function forget(
  places: ReservationPlaces,
  { volumeGroup, serial }: { readonly volumeGroup: string; readonly serial: string },
): Promise<boolean> {
  await rm(join(places.kernelFolder, fileOf(serial)), { force: true });
  if (mounted(places, volumeGroup) === undefined) return false;
  const paths = [writtenFolder, copiesFolder].map((folder) =>
    join(folder(places, volumeGroup), fileOf(serial)),
  );
  const found = await Promise.all(paths.map(readWhole));
  for (const path of paths) await rm(path, { force: true });
  return found.some((content) => content !== undefined);
}
