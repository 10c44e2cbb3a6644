import { intentOf } from '../engine/index.ts';
import {
  BACKUP_VERSION,
  failed,
  failure,
  success,
  type ConfigBackup,
  type Milliseconds,
  type RequestOf,
  type Result,
} from '../model/index.ts';
import { foreignTo, openBackup, sealBackup } from './backup.ts';
import type { Records } from './records.ts';
import type { Runtime } from './runtime.ts';

/** A node whose engine runs. */
interface Running {
  readonly runtime: Pick<Runtime, 'request'>;
  readonly records: Records;
}

/** What is to be brought back is in this node's record, and goes to the others with the command. */
export async function restoreConfig(
  { runtime, records }: Running,
  request: RequestOf<'config.restore'>,
  gone: AbortSignal,
): Promise<Result<unknown>> {
  const found = await records.find(request.revision);
  if (!found.ok) return found;
  return runtime.request('config.restore', { ...request, intent: intentOf(found.value) }, gone);
}

export const saveConfig = async (
  { records }: Running,
  { passphrase }: RequestOf<'config.save'>,
  now: Milliseconds,
): Promise<Result<ConfigBackup>> => success(await sealBackup(records.present(), passphrase, now));

/** As a restore, out of a file: everything that a restore leaves as it is stays as it is. */
export async function loadConfig(
  { runtime, records }: Running,
  { backup, passphrase, foreign = false, dryRun, force }: RequestOf<'config.load'>,
  gone: AbortSignal,
): Promise<Result<unknown>> {
  if (backup.version > BACKUP_VERSION)
    return failed(
      failure('backup_newer', `it has version ${backup.version}; this Keelson reads ${BACKUP_VERSION}`),
    );
  const hindrance = foreign ? undefined : foreignTo(records.present(), backup);
  if (hindrance !== undefined) return failed(hindrance);
  const opened = await openBackup(backup, passphrase);
  if (!opened.ok) return opened;
  const { revision, clusterName } = backup;
  const saved = { clusterName };
  return runtime.request('config.restore', { revision, intent: opened.value, saved, dryRun, force }, gone);
}
