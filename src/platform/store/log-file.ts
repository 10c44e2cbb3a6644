import { dirname, join } from 'node:path';
import type { Disk } from './disk.ts';
import { HEADER } from './record.ts';

/** Newest first, so many parts of the history are kept, and so many bytes of them. */
const PARTS_KEPT = 64;
const BYTES_KEPT = 32 * 1024 * 1024;

/** The log on disk as bytes, the copy beside it, and what came before it. One operation at a time. */
export interface LogFile {
  /** Undefined where there is none yet. */
  read(): Promise<Buffer | undefined>;
  /** As `read`, without any consequence. */
  peek(): Promise<Buffer | undefined>;
  readCopy(): Promise<Buffer | undefined>;
  /** Whether a replace was begun that may have written the copy and not the log. */
  isReplacing(): Promise<boolean>;
  /** What `read` gave is good up to `end`; what follows is cut off before the next append. */
  accept(end: number, keepCopy: boolean): void;
  /** Resolves when it is on the disk. After a failure only a replace is taken: what comes next would leave a hole. */
  append(bytes: Uint8Array): Promise<void>;
  /** `bytes` without the header. */
  replace(bytes: Uint8Array): Promise<void>;
  /** The copy alone, `bytes` without the header. */
  keep(bytes: Uint8Array): Promise<void>;
  /** Paths of what came before the log, newest first. */
  parts(): Promise<readonly string[]>;
}

/** Coded like the disk's own errors, because to the caller it is one. */
class UntrustedLog extends Error {
  readonly code = 'EIO';
  constructor() {
    super('an earlier write failed; the log must be replaced as a whole');
  }
}

interface Accepted {
  /** Good up to here. */
  readonly end: number;
  readonly keepCopy: boolean;
  /** Nothing stands after `end`. */
  readonly clean: boolean;
}

/** The history is for people: where the disk refuses it, the configuration itself still gets there. */
async function forPeople(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
  }
}

const nothing: Accepted = { end: 0, keepCopy: false, clean: false };
const whole = (bytes: Uint8Array): Buffer => Buffer.concat([Buffer.from(HEADER), bytes]);

export function createLogFile(folder: string, disk: Disk): LogFile {
  const path = join(folder, 'configuration.log');
  const copyPath = join(folder, 'configuration.copy');
  const history = join(folder, 'history');
  let accepted: Accepted | undefined;
  /** Nothing is known of what the file holds: only a replace or another load settles it. */
  let untrusted = false;

  /** Removes what `read` did not accept or a failed append left. */
  async function cut({ end, keepCopy }: Accepted): Promise<void> {
    if (keepCopy) await keepDamaged();
    if (end > 0) return disk.truncate(path, end);
    await disk.makeFolder(folder);
    await put(path, Buffer.from(HEADER));
  }

  async function put(target: string, content: Uint8Array): Promise<void> {
    await disk.create(`${target}.new`, content);
    await disk.rename(`${target}.new`, target);
    await disk.syncFolder(dirname(target));
  }

  async function keepDamaged(): Promise<void> {
    const content = await disk.read(path);
    if (content !== undefined) await put(`${path}.damaged`, content);
  }

  const numberOf = (name: string): number => Number(/^([0-9]{8})\.log$/.exec(name)?.[1] ?? 0);

  async function parts(): Promise<readonly string[]> {
    const names = (await disk.list(history)).filter((name) => numberOf(name) > 0);
    const own = await disk.look(path);
    const paths = names.sort((a, b) => numberOf(b) - numberOf(a)).map((name) => join(history, name));
    // A replace that was interrupted has given the log its second name already.
    const [newest] = paths;
    const isOwn = newest !== undefined && own?.identity === (await disk.look(newest))?.identity;
    return isOwn ? paths.slice(1) : paths;
  }

  /** The log that is about to be replaced becomes the newest part of the history. */
  async function archive(): Promise<void> {
    const own = await disk.look(path);
    if (own === undefined) return;
    await disk.makeFolder(history);
    const names = [...(await disk.list(history))].sort((a, b) => numberOf(b) - numberOf(a));
    const [newest = '00000000.log'] = names;
    if ((await disk.look(join(history, newest)))?.identity === own.identity) return;
    const name = `${String(numberOf(newest) + 1).padStart(8, '0')}.log`;
    await disk.link(path, join(history, name));
    await disk.syncFolder(history);
  }

  async function prune(): Promise<void> {
    let left = BYTES_KEPT;
    for (const [index, part] of (await parts()).entries()) {
      left -= (await disk.look(part))?.size ?? 0;
      if (index >= PARTS_KEPT || left < 0) await disk.remove(part);
    }
  }

  return {
    async read() {
      untrusted = false;
      accepted = undefined;
      return disk.read(path);
    },
    peek: () => disk.read(path),
    readCopy: () => disk.read(copyPath),
    isReplacing: async () => (await disk.look(`${path}.new`)) !== undefined,
    accept(end, keepCopy) {
      accepted = { end, keepCopy, clean: false };
    },
    async append(bytes) {
      if (untrusted) throw new UntrustedLog();
      // After a failed first replace there is nothing to append to.
      const before = accepted ?? nothing;
      const start = Math.max(before.end, HEADER.length);
      try {
        if (!before.clean) await cut(before);
        await disk.write(path, start, bytes);
      } catch (error) {
        // What is appended next would not follow: the caller may have asked for it before it heard of this.
        untrusted = true;
        throw error;
      }
      accepted = { end: start + bytes.length, keepCopy: false, clean: true };
    },
    async replace(bytes) {
      const content = whole(bytes);
      try {
        await disk.makeFolder(folder);
        if (accepted?.keepCopy === true) await keepDamaged();
        // While this name is there, the copy may be ahead of the log (`isReplacing`).
        await disk.create(`${path}.new`, content);
        await disk.syncFolder(folder);
        await put(copyPath, content);
        await forPeople(archive);
        await disk.rename(`${path}.new`, path);
        await disk.syncFolder(folder);
      } catch (error) {
        // Old or new, we cannot tell (the rename may have happened).
        untrusted = true;
        throw error;
      }
      accepted = { end: content.length, keepCopy: false, clean: true };
      untrusted = false;
      await forPeople(prune);
    },
    async keep(bytes) {
      await put(copyPath, whole(bytes));
      await disk.remove(`${path}.new`);
    },
    parts,
  };
}
