import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Looks, ProgramNeed } from '../../model/index.ts';
import type { Place } from './place.ts';

/** Where Keelson finds programs: the path of `processes/run.ts`. */
const FOLDERS = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];

export async function lookForPrograms(
  place: Place,
  needs: readonly ProgramNeed[],
): Promise<Looks['missingPrograms']> {
  const there = await Promise.all(needs.map(({ program }) => isThere(place, program)));
  return needs.filter((_need, index) => there[index] === false);
}

async function isThere({ root }: Place, program: string): Promise<boolean> {
  for (const folder of FOLDERS) {
    try {
      await access(join(root, folder, program), constants.X_OK);
      return true;
    } catch {
      // In another folder, perhaps.
    }
  }
  return false;
}
