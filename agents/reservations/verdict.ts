import { mkdir, rm } from 'node:fs/promises';
import * as z from 'zod';
import { join } from 'node:path';
import { readIfThere } from '../kernel-files.ts';
import { writePrivateFile } from '../write-file.ts';
import type { ReservationPlaces } from './places.ts';

/** What the last attempt to open a group's reservations came to, where it was not all well. */
const verdictShape = z.object({
  reason: z.string(),
  /** Serials of the LUNs whose reservations cannot be had; null: nobody knows which. */
  lost: z.array(z.string()).nullable(),
  /** Milliseconds since 1970: another attempt before is in vain. */
  again: z.number(),
});
export type Verdict = z.infer<typeof verdictShape>;

const path = ({ mounts }: ReservationPlaces, volumeGroup: string): string =>
  join(mounts, `${volumeGroup}.verdict`);

/** undefined: all is well, or nobody has tried. */
export async function readVerdict(
  places: ReservationPlaces,
  volumeGroup: string,
): Promise<Verdict | undefined> {
  const text = await readIfThere(path(places, volumeGroup));
  if (text === undefined) return undefined;
  try {
    return verdictShape.parse(JSON.parse(text));
  } catch {
    return { reason: 'what was found of it cannot be read', lost: null, again: 0 };
  }
}

export async function writeVerdict(
  places: ReservationPlaces,
  volumeGroup: string,
  verdict: Verdict,
): Promise<void> {
  await mkdir(places.mounts, { recursive: true, mode: 0o700 });
  await writePrivateFile(path(places, volumeGroup), JSON.stringify(verdict));
}

export const removeVerdict = (places: ReservationPlaces, volumeGroup: string): Promise<void> =>
  rm(path(places, volumeGroup), { force: true });
