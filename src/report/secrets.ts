import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSecretOption } from '../model/index.ts';
import type { Places } from './places.ts';
import { runBounded, type RunBounds } from './run.ts';

export interface Known {
  readonly values: ReadonlySet<string | Buffer>;
  /** Files that are there and could not be read, with the reason: what they hold cannot be looked for. */
  readonly unread: readonly string[];
}

const FILE_LIMIT = 64 * 1024 * 1024;
const FILES_LIMIT = 2000;

/** Every secret that this node's disk and kernel hold. Nothing of it is written anywhere. */
export async function knownSecrets(places: Places, bounds: RunBounds): Promise<Known> {
  const values = new Set<string | Buffer>();
  const unread: string[] = [];
  const each = async (path: string, take: (content: Buffer) => Iterable<string | Buffer>): Promise<void> => {
    for (const file of await filesAt(path, unread)) {
      const content = await readFile(file).catch((problem: unknown) => noteUnread(unread, file, problem));
      for (const value of content === undefined ? [] : take(content)) values.add(value);
    }
  };
  await each(places.stateFolder, secretsOfRecords);
  for (const name of ['token', 'token.sha256', 'api.key'])
    await each(join(places.etcFolder, name), wholeFile);
  await each(join(places.corosyncFolder, 'authkey'), wholeFile);
  await each(join(places.corosyncFolder, 'qdevice/net/nssdb/pwdfile.txt'), wholeFile);
  await each(places.drbdFolder, (content) =>
    [...content.toString('utf8').matchAll(/shared-secret\s+"?([^";\n]+)"?;/g)].map(([, value = '']) => value),
  );
  for (const value of await secretsOfKernel(places.configfs, bounds)) values.add(value);
  return { values, unread };
}

function noteUnread(unread: string[], file: string, problem: unknown): undefined {
  const { code = 'unknown' } = problem as NodeJS.ErrnoException;
  if (code !== 'ENOENT') unread.push(`${file}: ${code}`);
}

/** Regular files at or below the path: a FIFO would never answer, and a link leads elsewhere. */
async function filesAt(path: string, unread: string[]): Promise<readonly string[]> {
  try {
    const found = await lstat(path);
    if (found.isFile()) {
      if (found.size <= FILE_LIMIT) return [path];
      unread.push(`${path}: larger than ${FILE_LIMIT} bytes`);
      return [];
    }
    if (!found.isDirectory()) return [];
    const files: string[] = [];
    for (const name of (await readdir(path)).slice(0, FILES_LIMIT))
      files.push(...(await filesAt(join(path, name), unread)));
    return files;
  } catch (problem) {
    noteUnread(unread, path, problem);
    return [];
  }
}

function wholeFile(content: Buffer): readonly (string | Buffer)[] {
  const text = content.toString('utf8');
  return Buffer.from(text, 'utf8').equals(content) ? [text.trim()] : [content];
}

/**
 * Of the configuration's log, its history and what else lies beside it: a record is a line with JSON in it. Of a
 * damaged line what looks like a secret is taken; a line without JSON is one of a kept secret (`join-secret`).
 */
function* secretsOfRecords(content: Buffer): Iterable<string> {
  const text = content.toString('utf8');
  const whole = parsed(text);
  if (whole !== undefined) {
    yield* secretsOf(whole, false, undefined);
    return;
  }
  for (const line of text.split('\n')) {
    const value = parsed(line.slice(Math.max(0, line.indexOf('{'))));
    if (value !== undefined) yield* secretsOf(value, false, undefined);
    else yield* secretsOfDamaged(line);
  }
}

function* secretsOfDamaged(line: string): Iterable<string> {
  const [, kept] = /^([0-9a-f]{32}) [0-9]+/.exec(line) ?? [];
  if (kept !== undefined) yield kept;
  // As it stands, and as the text within a text that a snapshot is.
  for (const text of [line, line.replaceAll(/\\(["\\])/g, '$1')])
    for (const [, name = '', json = ''] of text.matchAll(/"([\w.-]+)":("(?:[^"\\]|\\.)*")/g)) {
      const value = parsed(json);
      if (isSecretName(name, 'options') && typeof value === 'string') yield value;
    }
}

const SECRET =
  /passw|passphrase|secret|community|(auth|authentication|privacy|private)key|^token$|certificates?$/i;

const isSecretName = (name: string, above: string | undefined): boolean =>
  SECRET.test(name) || (above === 'options' && isSecretOption(name));

function* secretsOf(value: unknown, isSecret: boolean, above: string | undefined): Iterable<string> {
  if (typeof value === 'string') {
    // The log keeps a configuration as a text within its record.
    const inner = /^[{[]/.test(value) ? parsed(value) : undefined;
    if (inner !== undefined) yield* secretsOf(inner, isSecret, above);
    if (isSecret && value !== '') yield value;
  } else if (Array.isArray(value)) {
    for (const inner of value) yield* secretsOf(inner, isSecret, above);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value))
      // Who a host or the target says it is, is told beside the secret, and none itself.
      yield* secretsOf(inner, (isSecret && name !== 'username') || isSecretName(name, above), name);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** CHAP of the kernel's target, also where somebody set it by hand. A program reads it: the kernel may not answer. */
async function secretsOfKernel(configfs: string, bounds: RunBounds): Promise<readonly string[]> {
  const options = ['-rhs', '--include=password', '--include=password_mutual', '--', '.', configfs];
  const { text } = await runBounded('grep', options, bounds);
  return text.split('\n').filter((line) => line !== '' && line !== 'NULL');
}
