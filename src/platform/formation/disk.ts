import { constants, open, stat } from 'node:fs/promises';
import { failed, failure, success, type Result } from '../../model/index.ts';
import { createRun, runSuccessfully, type Run } from '../processes/run.ts';

/** The kinds of signatures in what `wipefs --json` prints; it prints nothing at all where there are none. */
export function signaturesIn(output: string): readonly string[] {
  if (output.trim() === '') return [];
  const { signatures } = JSON.parse(output) as { readonly signatures: readonly { readonly type: string }[] };
  return signatures.map(({ type }) => type);
}

/** Whether somebody holds the device: mounted, used as swap, part of a RAID, ... The kernel answers EBUSY to O_EXCL. */
async function isHeld(path: string): Promise<boolean> {
  try {
    await (await open(path, constants.O_RDONLY | constants.O_EXCL)).close();
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EBUSY';
  }
}

/**
 * Success where the path is a block device that carries no signature and that nobody uses; else `disk_missing` or
 * `disk_has_data`. Reads only. For the making of a pool: afterwards the disk carries Keelson's own signatures.
 */
export async function checkDisk(
  path: string,
  { run = createRun(60_000) }: { readonly run?: Run } = {},
): Promise<Result<void>> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return failed(failure('disk_missing', `${path} does not exist`));
  if (!found.isBlockDevice()) return failed(failure('disk_missing', `${path} is not a block device`));
  if (await isHeld(path)) return failed(failure('disk_has_data', `${path} is in use`));
  const looked = await runSuccessfully(run, 'wipefs', ['--no-act', '--json', path]);
  if (!looked.ok) return looked;
  const signatures = signaturesIn(looked.value);
  if (signatures.length === 0) return success(undefined);
  return failed(failure('disk_has_data', `${path} carries ${signatures.join(', ')}`));
}
