import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ConfigLoss } from '../../model/index.ts';
import type { Disk } from './disk.ts';

/** Records of what was lost; the oldest go. */
const LOSSES_KEPT = 20;

/** One readable file each in `folder`, named by time and content, so that the same loss is kept once. */
export interface Losses {
  keep(loss: ConfigLoss): Promise<void>;
  read(): Promise<readonly ConfigLoss[]>;
  clear(): Promise<void>;
}

export function createLosses(folder: string, disk: Disk): Losses {
  /** Newest first. */
  async function names(): Promise<readonly string[]> {
    const all = await disk.list(folder);
    return all
      .filter((name) => name.endsWith('.json'))
      .sort()
      .reverse();
  }

  /** The time is no part of it: after a crash in between, the same is lost again. */
  function nameOf({ at, ...loss }: ConfigLoss): { readonly name: string; readonly mark: string } {
    const mark = createHash('sha256').update(JSON.stringify(loss)).digest('hex').slice(0, 16);
    return { name: `${String(at).padStart(15, '0')}-${mark}.json`, mark };
  }

  return {
    async keep(loss) {
      const { name, mark } = nameOf(loss);
      const [newest] = await names();
      if (newest?.endsWith(`-${mark}.json`) === true) return;
      await disk.makeFolder(folder);
      const path = join(folder, name);
      await disk.create(`${path}.new`, Buffer.from(`${JSON.stringify(loss, undefined, 2)}\n`));
      await disk.rename(`${path}.new`, path);
      await disk.syncFolder(folder);
      for (const old of (await names()).slice(LOSSES_KEPT)) await disk.remove(join(folder, old));
    },
    async read() {
      const losses: ConfigLoss[] = [];
      for (const name of await names()) {
        const loss = parse(await disk.read(join(folder, name)));
        if (loss !== undefined) losses.push(loss);
      }
      return losses;
    },
    async clear() {
      for (const name of await disk.list(folder)) await disk.remove(join(folder, name));
      if ((await disk.look(folder)) !== undefined) await disk.syncFolder(folder);
    },
  };
}

/** A record that cannot be read is one that cannot be shown. */
function parse(content: Buffer | undefined): ConfigLoss | undefined {
  try {
    return content === undefined ? undefined : (JSON.parse(content.toString('utf8')) as ConfigLoss);
  } catch {
    return undefined;
  }
}
