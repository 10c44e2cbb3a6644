import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { filesOf, NoLongerFits, plant, type PlantedBug } from './planted-bug.ts';

/** Where the engine's files are. */
export const ENGINE = new URL('../../src/engine/', import.meta.url);

const read = (file: string): string => readFileSync(fileURLToPath(new URL(file, ENGINE)), 'utf8');

/** What no longer fits the engine as it is, in words; empty where every bug does. */
export function misfits(bugs: readonly PlantedBug[]): readonly string[] {
  return bugs.flatMap((bug) =>
    [...filesOf(bug)].flatMap((file) => {
      try {
        plant(bug, file, read(file));
        return [];
      } catch (error) {
        const message = error instanceof NoLongerFits ? error.message : `${bug.name}: ${String(error)}`;
        return [`${message}${hint(bug, file)}`];
      }
    }),
  );
}

/** Where the text may have gone. */
function hint(bug: PlantedBug, file: string): string {
  const texts = bug.edits.filter((edit) => edit.file === file).map(({ from }) => from);
  const others = globSync('**/*.ts', { cwd: fileURLToPath(ENGINE) }).filter(
    (other) => other !== file && texts.some((text) => text !== '' && read(other).includes(text)),
  );
  return others.length === 0 ? '' : `; it stands in ${others.sort().join(', ')}`;
}
