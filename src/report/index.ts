import { mkdir, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { failed, failure, success, type Result } from '../model/index.ts';
import { makeStaging, pack, removeStaging } from './archive.ts';
import { collect } from './collect.ts';
import { createFilter } from './filter.ts';
import type { Entry, Item } from './item.ts';
import type { Places } from './places.ts';
import type { RunBounds } from './run.ts';
import { knownSecrets } from './secrets.ts';

export { contentsOfNode } from './contents.ts';
export { isThere } from './archive.ts';
export { sourceOf, type AnswerItem, type Entry, type Item } from './item.ts';
export { placesOf, type Places } from './places.ts';

export interface ReportOptions {
  readonly output: string;
  readonly items: readonly Item[];
  readonly places: Places;
  /** Said at the top of the index: version, node, cluster, window. */
  readonly heading: readonly string[];
  /** Secrets that no file of the node holds. */
  readonly moreSecrets: readonly string[];
  /** Of one program or request, milliseconds. */
  readonly deadline: number;
  /** At its abort nothing is left behind. */
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

export interface Report {
  readonly output: string;
  readonly bytes: number;
  readonly entries: readonly Entry[];
  /** Files whose secrets could not be looked for. */
  readonly unread: readonly string[];
}

/** Bytes of one file of the archive. */
const FILE_LIMIT = 8 * 1024 * 1024;

/** Collects, and writes the archive. Throws what `node:fs` throws where the folder of the output cannot be written. */
export async function writeReport(options: ReportOptions): Promise<Result<Report>> {
  const { output, items, places, signal, tell } = options;
  const bounds: RunBounds = { deadline: options.deadline, limit: FILE_LIMIT, signal, path: places.path };
  const staging = await makeStaging(output);
  try {
    const { values, unread } = await knownSecrets(places, bounds);
    const filter = createFilter([...values, ...options.moreSecrets]);
    for (const file of unread)
      tell(`secrets of ${filter(file)}: not known, look for them before you send the report`);
    const name = basename(output).replace(/\.tar\.gz$|\.tgz$/, '');
    const folder = join(staging, 'content', name);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const entries = await collect(items, { folder, filter, bounds, tell });
    const heading = [...options.heading, ...unread.map((file) => `Secrets not known of ${file}`)];
    await writeFile(join(folder, 'index.txt'), filter(renderIndex(heading, entries)), { mode: 0o600 });
    await writeFile(
      join(folder, 'index.json'),
      filter(`${JSON.stringify({ heading, entries }, undefined, 2)}\n`),
      {
        mode: 0o600,
      },
    );
    if (signal.aborted) return failed(failure('command_failed', 'interrupted'));
    tell('packing');
    const packed = await pack(staging, name, output, bounds);
    return packed.ok ? success({ output, bytes: (await stat(output)).size, entries, unread }) : packed;
  } finally {
    await removeStaging(staging);
  }
}

function renderIndex(heading: readonly string[], entries: readonly Entry[]): string {
  const lines = entries.map(
    ({ name, source, at, bytes, exitCode, reason }) =>
      `${bytes === 0 ? 'MISSING ' : ''}${name}\n  from: ${source}\n  at: ${at}, ${bytes} bytes${exitCode === undefined ? '' : `, exit code ${exitCode}`}${reason === undefined ? '' : `\n  reason: ${reason}`}`,
  );
  return `${[...heading, '', ...lines].join('\n')}\n`;
}
