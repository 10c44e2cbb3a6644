import { chown, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { failed, failure, success, type Result } from '../../model/index.ts';
import { writeFileAtomically } from '../files.ts';

/** The group of the API process. */
const API_GROUP = 'keelson';

/** A group's id from a file like /etc/group; undefined where it is not there (before the package made it, in tests). */
export async function groupId(
  name: string = API_GROUP,
  groupFile = '/etc/group',
): Promise<number | undefined> {
  const lines = (await readFile(groupFile, 'utf8')).split('\n').map((line) => line.split(':'));
  const id = lines.find(([group]) => group === name)?.[2];
  return id === undefined ? undefined : Number(id);
}

/** `host_setup_failed` with the path and the reason. Makes the folder where it is missing. */
export async function writeOwned(
  path: string,
  content: string | Uint8Array,
  mode: number,
  group?: number,
): Promise<Result<void>> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomically(path, content, mode);
    if (group !== undefined) await chown(path, 0, group);
    return success(undefined);
  } catch (error) {
    return failed(failure('host_setup_failed', `${path}: ${(error as Error).message}`));
  }
}
