import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { BACKUP_VERSION, PASSPHRASE, type ConfigBackup, type ConfigRestored } from '../../model/index.ts';
import { CliFailure, usage } from '../failures.ts';
import { printJson } from '../output.ts';
import type { Session } from '../program.ts';
import { readText, standardInput } from '../read-file.ts';
import { readSecret } from '../secret.ts';
import { printRestored } from './config.ts';

interface Passphrase {
  readonly passphraseFile: string;
}

async function passphraseFrom({ passphraseFile }: Passphrase, session: Session): Promise<string> {
  const passphrase = await readSecret(passphraseFile, 'the passphrase of the backup', session.output);
  if (passphrase.length < PASSPHRASE.least || passphrase.length > PASSPHRASE.most)
    throw usage(`the passphrase has ${PASSPHRASE.least} to ${PASSPHRASE.most} characters`);
  return passphrase;
}

/** Only whoever saved it reads the file, and it is whole or not there. */
export async function save(
  session: Session,
  file: string,
  options: Passphrase & { force?: boolean },
): Promise<void> {
  if (file !== standardInput && options.force !== true && existsSync(file))
    throw usage(`${file} is there already`, 'Name another file, or give --force to replace it.');
  const passphrase = await passphraseFrom(options, session);
  if (file !== standardInput && options.passphraseFile === 'prompt')
    if ((await readSecret('prompt', 'the passphrase again', session.output)) !== passphrase)
      throw usage('the two passphrases differ');
  const client = await session.client();
  const { body } = await client.ask({ method: 'POST', path: '/config/save', body: { passphrase } });
  const backup = body as ConfigBackup;
  if (file === standardInput) {
    printJson(session.output, backup);
    return;
  }
  try {
    writeWhole(file, `${JSON.stringify(backup, undefined, 2)}\n`);
  } catch (problem) {
    throw usage(`${file} cannot be written: ${(problem as NodeJS.ErrnoException).code ?? 'unknown'}`);
  }
  const { clusterName, revision } = backup;
  if (session.json) printJson(session.output, { file, clusterName, revision });
  else
    session.output.print(
      `Revision ${revision} of ${clusterName} is saved in ${file}. Without the passphrase nobody can load it.`,
    );
}

/** What an interruption leaves behind is not the file, and is replaced by the next attempt. */
function writeWhole(file: string, text: string): void {
  const temporary = `${file}.new`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, text, { mode: 0o600, flag: 'wx', flush: true });
  renameSync(temporary, file);
}

export async function load(
  session: Session,
  file: string,
  options: Passphrase & { dryRun?: boolean; force?: boolean; foreign?: boolean },
): Promise<void> {
  if (file === standardInput && options.passphraseFile === standardInput)
    throw usage('the backup and the passphrase cannot both come from standard input');
  const backup = backupIn(readText(file), file);
  const passphrase = await passphraseFrom(options, session);
  const { dryRun, force, foreign } = options;
  const client = await session.client();
  const { body } = await client.ask({
    method: 'POST',
    path: '/config/load',
    body: { backup, passphrase, dryRun, force, foreign },
  });
  if (session.json) printJson(session.output, body);
  else printRestored(session, body as ConfigRestored);
}

/** As far as it tells whether it is one at all; the rest is the API's to say. */
function backupIn(text: string, file: string): object {
  const damaged = (why: string): CliFailure => new CliFailure('backup_damaged', `${file}: ${why}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged('it is not JSON');
  }
  if (typeof value !== 'object' || value === null) throw damaged('it holds no names and values');
  const { format, version } = value as Record<string, unknown>;
  if (format !== 'keelson-config') throw damaged('it does not say that it is one');
  if (typeof version === 'number' && version > BACKUP_VERSION)
    throw new CliFailure('backup_newer', `${file} has version ${version}; this one reads ${BACKUP_VERSION}`);
  return value;
}
