import { failed, failure, invariant, success } from '../../model/index.ts';
import type { Result } from '../../model/index.ts';
import type { Snapshot, Store, StoredEntry, StoredLog } from '../../ports/index.ts';
import { createLogFile } from './log-file.ts';
import { encodeRecord } from './record.ts';
import { readLog } from './read-log.ts';

type Settle = (result: Result<void>) => void;

type Write =
  | { readonly kind: 'append'; readonly bytes: Buffer; readonly settle: Settle }
  | { readonly kind: 'replace'; readonly bytes: Buffer; readonly settle: Settle };

/**
 * The configuration in `folder`/configuration.log (format: `record.ts`). One store a folder. `load` comes before the
 * first `append` and changes nothing on disk: what it found damaged is cut off by the first write after it, and where
 * whole records are lost by that, the file is first copied to configuration.log.damaged. Appends that come during a
 * flush go out together with the next one. Failures: `store_failed` (the disk), `store_damaged` (a newer format).
 */
export function createFileStore(folder: string): Store {
  const file = createLogFile(folder);
  let waiting: Write[] = [];
  let working: Promise<void> | undefined;
  let loaded = false;

  function write(kind: Write['kind'], bytes: Buffer): Promise<Result<void>> {
    return new Promise((settle) => {
      waiting.push({ kind, bytes, settle });
      working ??= work();
    });
  }

  /** Takes what may go to the disk at once: one replace, or all appends up to the next replace. */
  function takeBatch(): Write[] {
    const until = waiting.findIndex(({ kind }) => kind === 'replace');
    const size = until === -1 ? waiting.length : Math.max(1, until);
    const batch = waiting.slice(0, size);
    waiting = waiting.slice(size);
    return batch;
  }

  async function work(): Promise<void> {
    // What is asked for in the same turn goes out together.
    await Promise.resolve();
    for (let batch = takeBatch(); batch.length > 0; batch = takeBatch()) {
      const bytes = Buffer.concat(batch.map((each) => each.bytes));
      const replacing = batch[0]?.kind === 'replace';
      const result = await attempt(folder, () => (replacing ? file.replace(bytes) : file.append(bytes)));
      for (const { settle } of batch) settle(result);
    }
    working = undefined;
  }

  return {
    async load(): Promise<Result<StoredLog>> {
      await working;
      const content = await attempt(folder, () => file.read());
      if (!content.ok) return content;
      if (content.value === undefined) {
        file.accept(0, false);
        loaded = true;
        return success({ snapshot: undefined, entries: [], damage: undefined });
      }
      const read = readLog(content.value);
      if (!read.ok) return read;
      file.accept(read.value.end, read.value.keepCopy);
      loaded = true;
      return success(read.value.log);
    },
    append(entry: StoredEntry) {
      invariant(loaded, 'a log is loaded or replaced before it is appended to');
      return write('append', encodeRecord({ kind: 'entry', entry }));
    },
    replace(snapshot: Snapshot) {
      loaded = true;
      return write('replace', encodeRecord({ kind: 'snapshot', snapshot }));
    },
  };
}

async function attempt<T>(folder: string, act: () => Promise<T>): Promise<Result<T>> {
  try {
    return success(await act());
  } catch (error) {
    // What the disk says has a code; anything else is a bug, and a bug throws.
    if (!(error instanceof Error) || !('code' in error)) throw error;
    return failed(failure('store_failed', `${folder}: ${error.message}`));
  }
}
