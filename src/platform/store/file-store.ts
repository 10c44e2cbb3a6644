import { join } from 'node:path';
import { failed, failure, invariant, success } from '../../model/index.ts';
import type { ConfigLoss, Result } from '../../model/index.ts';
import type { Segment, Snapshot, Store, StoredEntry, StoredLog } from '../../ports/index.ts';
import { realDisk, type Disk } from './disk.ts';
import { createLogFile } from './log-file.ts';
import { createLosses } from './losses.ts';
import { encodeRecord } from './record.ts';
import { readLog } from './read-log.ts';

type Settle = (result: Result<void>) => void;

/** Appends that wait together go out together; everything else goes alone. */
type Write =
  | { readonly kind: 'append'; readonly bytes: Buffer; readonly settle: Settle }
  | { readonly kind: 'alone'; readonly act: () => Promise<void>; readonly settle: Settle };

const empty: StoredLog = {
  snapshot: undefined,
  entries: [],
  damage: undefined,
  beyond: [],
  copy: undefined,
  replacing: false,
  earlier: [],
};

/**
 * The configuration in `folder`/configuration.log (format: `record.ts`), a copy of its snapshot in configuration.copy,
 * what came before in history/, and what was lost in lost/. One store a folder. `load` comes before the first `append`
 * and changes nothing on disk: what it found damaged is cut off by the first write after it, and where whole records
 * are lost by that, the file is first copied to configuration.log.damaged. Appends that come during a flush go out
 * together with the next one. After a write that failed, appends are refused until a replace.
 */
export function createFileStore(folder: string, disk: Disk = realDisk): Store {
  const file = createLogFile(folder, disk);
  const lost = createLosses(join(folder, 'lost'), disk);
  let waiting: Write[] = [];
  let working: Promise<void> | undefined;
  let loaded = false;

  function enqueue(make: (settle: Settle) => Write): Promise<Result<void>> {
    return new Promise((settle) => {
      waiting.push(make(settle));
      working ??= work();
    });
  }

  const alone = (act: () => Promise<void>): Promise<Result<void>> =>
    enqueue((settle) => ({ kind: 'alone', act, settle }));

  async function work(): Promise<void> {
    // What is asked for in the same turn goes out together.
    await Promise.resolve();
    for (let first = waiting.shift(); first !== undefined; first = waiting.shift()) {
      if (first.kind === 'alone') {
        first.settle(await attempt(folder, first.act));
        continue;
      }
      const batch = [first];
      for (let next = waiting[0]; next?.kind === 'append'; next = waiting[0]) {
        batch.push(next);
        waiting = waiting.slice(1);
      }
      const bytes = Buffer.concat(batch.map((each) => each.bytes));
      const result = await attempt(folder, () => file.append(bytes));
      for (const { settle } of batch) settle(result);
    }
    working = undefined;
  }

  /** What is damaged is left out. */
  async function readParts(): Promise<readonly Segment[]> {
    const segments: Segment[] = [];
    for (const path of await file.parts()) {
      const content = await disk.read(path);
      const read = content === undefined ? undefined : readLog(content);
      if (read?.ok === true) segments.push(read.value);
    }
    return segments;
  }

  async function load(): Promise<Result<StoredLog>> {
    const [content, copy] = [await file.read(), await file.readCopy()];
    const replacing = await file.isReplacing();
    const kept = copy === undefined ? undefined : readLog(copy);
    const beside = { copy: kept?.ok === true ? kept.value.snapshot : undefined, replacing };
    if (content === undefined) {
      file.accept(0, false);
      loaded = true;
      return success({ ...empty, ...beside, earlier: await readParts() });
    }
    const read = readLog(content, copy);
    if (!read.ok) return read;
    const { end, ...log } = read.value;
    file.accept(end, log.damage?.kind === 'damaged');
    loaded = true;
    const isWhole = log.snapshot !== undefined && log.damage?.kind !== 'damaged';
    return success({ ...log, ...beside, earlier: isWhole ? [] : await readParts() });
  }

  async function* history(): AsyncGenerator<Segment & { readonly damaged: boolean }> {
    let own: Buffer | undefined;
    let parts: readonly string[] = [];
    // Between writes, so that no replace changes the one while the other is read.
    await alone(async () => {
      own = await file.peek();
      parts = await file.parts();
    });
    if (own !== undefined) yield asPart(own);
    for (const path of parts) {
      const content = await attempt(folder, () => disk.read(path));
      // Pruned in the meantime: nothing is left to tell of it.
      if (content.ok && content.value === undefined) continue;
      yield content.ok ? asPart(content.value) : { snapshot: undefined, entries: [], damaged: true };
    }
  }

  return {
    async load() {
      await working;
      const log = await attempt(folder, load);
      return log.ok ? log.value : log;
    },
    append(entry: StoredEntry) {
      invariant(loaded, 'a log is loaded or replaced before it is appended to');
      const bytes = encodeRecord({ kind: 'entry', entry });
      return enqueue((settle) => ({ kind: 'append', bytes, settle }));
    },
    replace(snapshot: Snapshot) {
      loaded = true;
      return alone(() => file.replace(encodeRecord({ kind: 'snapshot', snapshot })));
    },
    keep: (snapshot) => alone(() => file.keep(encodeRecord({ kind: 'snapshot', snapshot }))),
    history,
    keepLoss: (loss: ConfigLoss) => alone(() => lost.keep(loss)),
    losses: () => attempt(folder, () => lost.read()),
    clearLosses: () => alone(() => lost.clear()),
  };
}

function asPart(content: Buffer | undefined): Segment & { readonly damaged: boolean } {
  const read = content === undefined ? undefined : readLog(content);
  if (read?.ok !== true) return { snapshot: undefined, entries: [], damaged: true };
  const { snapshot, entries, damage } = read.value;
  return { snapshot, entries, damaged: damage?.kind === 'damaged' };
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
