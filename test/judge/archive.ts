import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { execFileSync } from 'node:child_process';

/** A folder with the cases; `remove` deletes it where it was made for this run. */
export interface CaseFolder {
  readonly path: string;
  readonly remove: () => void;
}

const checkout = resolve(import.meta.dirname, '../..');

/** Where the cases lie: as asked for, or as the environment says, or beside the checkout. */
export const archivePath = (asked: string | undefined): string =>
  resolve(
    asked ?? process.env['KEELSON_CASES'] ?? join(dirname(checkout), 'shared/pacemaker-cases/cases.tar.xz'),
  );

/** Opens an archive, or a folder in which it was unpacked already; `undefined` where there is neither. */
export const openCases = (path: string): CaseFolder | undefined => {
  if (!existsSync(path)) return undefined;
  if (statSync(path).isDirectory()) return { path, remove: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'keelson-cases-'));
  execFileSync('tar', ['--extract', '--file', path, '--directory', folder]);
  const inner = join(folder, 'cases');
  return {
    path: existsSync(inner) ? inner : folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
