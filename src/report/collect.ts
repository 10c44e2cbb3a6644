import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Filter } from './filter.ts';
import { sourceOf, type Entry, type Item, type ProgramItem } from './item.ts';
import { runBounded, type RunBounds } from './run.ts';

export interface Collecting {
  /** Where the files go. */
  readonly folder: string;
  readonly filter: Filter;
  readonly bounds: RunBounds;
  readonly tell: (line: string) => void;
}

interface Got {
  readonly text: string;
  readonly exitCode?: number;
  readonly reason?: string;
}

/**
 * One after the other, so that a node that serves hardly feels it. What cannot be got is an entry with its reason.
 * Stops at an interrupt with what it has.
 */
export async function collect(items: readonly Item[], collecting: Collecting): Promise<readonly Entry[]> {
  const { bounds, filter, folder, tell } = collecting;
  const entries: Entry[] = [];
  let silent: string | undefined;
  for (const item of items) {
    if (bounds.signal.aborted) break;
    const at = new Date().toISOString();
    const got = item.kind === 'program' ? await ofProgram(item, bounds) : await ofApi(item, bounds, silent);
    if (item.kind === 'answer' && 'isSilent' in got) silent ??= got.reason;
    const text = filter(got.text);
    if (text !== '') {
      await mkdir(dirname(join(folder, item.name)), { recursive: true, mode: 0o700 });
      await writeFile(join(folder, item.name), text, { mode: 0o600 });
    }
    // Shortened behind the filter, which would not know half a secret.
    const reason = got.reason === undefined ? undefined : filter(got.reason).slice(0, 500);
    entries.push({
      name: item.name,
      source: filter(sourceOf(item)),
      at,
      bytes: Buffer.byteLength(text),
      ...(got.exitCode === undefined ? {} : { exitCode: got.exitCode }),
      ...(reason === undefined ? {} : { reason }),
    });
    tell(reason === undefined ? item.name : `${item.name}: ${reason}`);
  }
  return entries;
}

async function ofProgram(item: ProgramItem, bounds: RunBounds): Promise<Got> {
  const { text, errors, exitCode, cut, failure } = await runBounded(item.program, item.args, bounds);
  const said = errors.trim().split('\n').slice(-2).join('; ');
  const reasons = [
    failure,
    exitCode === undefined || exitCode === 0
      ? undefined
      : `exit code ${exitCode}${said === '' ? '' : `: ${said}`}`,
    cut === 0 ? undefined : `the oldest ${cut} bytes are left out`,
    item.lines !== undefined && text.split('\n').length > item.lines
      ? `only the newest ${item.lines} lines`
      : undefined,
    text === '' && failure === undefined && exitCode === 0 ? 'nothing was written' : undefined,
  ].filter((reason) => reason !== undefined);
  return {
    text,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(reasons.length === 0 ? {} : { reason: reasons.join('; ') }),
  };
}

/** An API that does not answer is asked once: each further question would cost a deadline. */
async function ofApi(
  item: Extract<Item, { kind: 'answer' }>,
  { deadline, signal }: RunBounds,
  silent: string | undefined,
): Promise<Got | (Got & { readonly isSilent: true })> {
  if (silent !== undefined) return { text: '', reason: `not asked: ${silent}` };
  const { promise: late, reject } = Promise.withResolvers<never>();
  const giveUp = (reason: string): void => reject(Object.assign(new Error(reason), { unreachable: true }));
  const interrupted = (): void => giveUp('interrupted');
  const timer = setTimeout(() => giveUp(`no answer within ${deadline / 1000} s`), deadline);
  signal.addEventListener('abort', interrupted);
  try {
    return { text: await Promise.race([item.ask(), late]) };
  } catch (problem) {
    const { message, unreachable } = problem as Error & { unreachable?: boolean };
    return { text: '', reason: message, ...(unreachable === true ? { isSilent: true as const } : {}) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', interrupted);
  }
}
