import { registerHooks } from 'node:module';
import { ENGINE } from './engine-files.ts';
import { filesOf, plant, type PlantedBug } from './planted-bug.ts';

/**
 * From here on Node loads the engine with this bug, in this process only; the files on disk are not touched. Gives the
 * files that have not been loaded yet: a bug in a file that nobody loads is none.
 */
export function plantWhileLoading(bug: PlantedBug): ReadonlySet<string> {
  const missing = new Set(filesOf(bug));
  const files = new Map([...missing].map((file) => [new URL(file, ENGINE).href, file]));
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const file = files.get(url);
      if (file === undefined) return loaded;
      missing.delete(file);
      const { source } = loaded;
      const text = typeof source === 'string' ? source : new TextDecoder().decode(source);
      return { ...loaded, source: plant(bug, file, text) };
    },
  });
  return missing;
}
