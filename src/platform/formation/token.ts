import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { success, type Result } from '../../model/index.ts';
import type { Random } from '../../ports/index.ts';
import { digest } from '../world.ts';
import { groupId, writeOwned } from './owned-file.ts';

/** 256 bits. */
export const TOKEN_BYTES = 32;

export interface TokenOptions {
  /** Group that may read the hash; the default is that of the API process, where it exists. */
  readonly group?: number | undefined;
}

/**
 * Writes the cluster's API token: `token` for root only (0600), and `token.sha256` (0640) for the API process, which
 * never sees the token itself. Both end with a newline; the hash is that of the token without it.
 */
export async function installToken(
  folder: string,
  token: string,
  options: TokenOptions = {},
): Promise<Result<void>> {
  const written = await writeOwned(join(folder, 'token'), `${token}\n`, 0o600);
  if (!written.ok) return written;
  const group = options.group ?? (await groupId());
  return writeOwned(join(folder, 'token.sha256'), `${digest(token)}\n`, 0o640, group);
}

/** Resolves with the token that is there, or with a new one; the hash is put right in either case. */
export async function ensureToken(
  folder: string,
  random: Random,
  options: TokenOptions = {},
): Promise<Result<string>> {
  const present = (await readFile(join(folder, 'token'), 'utf8').catch(() => '')).trim();
  const token = present === '' ? random.hex(TOKEN_BYTES) : present;
  const installed = await installToken(folder, token, options);
  return installed.ok ? success(token) : installed;
}
