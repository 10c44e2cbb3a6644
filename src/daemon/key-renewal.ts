import { join } from 'node:path';
import { success, type RenewedKeys, type Result } from '../model/index.ts';
import { writeOwned } from '../platform/formation/owned-file.ts';
import { installToken, type TokenOptions } from '../platform/formation/token.ts';
import { createRun, runSuccessfully, type Run } from '../platform/processes/run.ts';

export interface KeyRenewalOptions extends TokenOptions {
  readonly corosyncFolder: string;
  readonly etcFolder: string;
  readonly run?: Run;
}

/**
 * This node's part where a machine is replaced, as the engine asks for it: from here on Corosync hears nobody who has
 * only the key of before, and the API takes no other token. Corosync runs on, and so does its ring. May be repeated.
 */
export async function renewKeys(
  { authkey, token }: RenewedKeys,
  { corosyncFolder, etcFolder, run = createRun(90_000), ...options }: KeyRenewalOptions,
): Promise<Result<void>> {
  const written = await writeOwned(join(corosyncFolder, 'authkey'), authkey, 0o400);
  if (!written.ok) return written;
  const reloaded = await runSuccessfully(run, 'corosync-cfgtool', ['-R']);
  if (!reloaded.ok) return reloaded;
  const installed = await installToken(etcFolder, token, options);
  return installed.ok ? success(undefined) : installed;
}
