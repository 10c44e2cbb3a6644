import { chmod, link, lstat, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { failed, failure, success, type Result } from '../model/index.ts';
import { syncFolder } from '../platform/files.ts';
import { runBounded, type RunBounds } from './run.ts';

/** Milliseconds. */
const TAR_DEADLINE = 300_000;

export const isThere = async (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** Beside the archive, so that the finished one only needs its name. Throws what `node:fs` throws. */
export const makeStaging = (output: string): Promise<string> =>
  mkdtemp(join(dirname(output), `.${basename(output)}-`));

export const removeStaging = (staging: string): Promise<void> =>
  rm(staging, { recursive: true, force: true });

/**
 * Packs a folder of the staging folder's `content`, and gives the archive its name when it is whole and on the disk. A file that
 * has the name by then is left alone (`command_failed`).
 */
export async function pack(
  staging: string,
  folder: string,
  output: string,
  bounds: RunBounds,
): Promise<Result<void>> {
  const temporary = join(staging, 'archive');
  const args = ['--create', '--gzip', '--owner=root:0', '--group=root:0', '--file', temporary];
  const done = await runBounded('tar', [...args, '--directory', join(staging, 'content'), '--', folder], {
    ...bounds,
    deadline: TAR_DEADLINE,
  });
  if (done.exitCode !== 0)
    return failed(failure('command_failed', `tar: ${done.failure ?? done.errors.trim().slice(0, 300)}`));
  await chmod(temporary, 0o600);
  const file = await open(temporary, 'r');
  await file.sync().finally(() => file.close());
  if (bounds.signal.aborted) return failed(failure('command_failed', 'interrupted'));
  try {
    await link(temporary, output);
  } catch (problem) {
    const { code = 'unknown' } = problem as NodeJS.ErrnoException;
    if (code === 'EEXIST') return failed(failure('command_failed', `${output} is there already`));
    // A memory stick's file system knows no second names.
    if (await isThere(output)) return failed(failure('command_failed', `${output} is there already`));
    await rename(temporary, output);
  }
  await syncFolder(dirname(output));
  return success(undefined);
}
