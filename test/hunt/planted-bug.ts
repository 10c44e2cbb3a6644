/** One replacement in one file of the engine. */
export interface Edit {
  /** Relative to `src/engine`. */
  readonly file: string;
  /** Stands in that file exactly once. */
  readonly from: string;
  readonly to: string;
}

/** A mistake, made on purpose. */
export interface PlantedBug {
  readonly name: string;
  /** One sentence: who makes this mistake, or why somebody would. */
  readonly why: string;
  /** The property that should fail; any other counts as found too. */
  readonly expected: string;
  /** Mostly one; more where the engine's own assertions, or a second guard, would hide the mistake. */
  readonly edits: readonly Edit[];
  /** Why the simulation is known to miss it: what would have to go wrong in it, or to be looked at. */
  readonly missed?: string;
}

/** The file with its edits; throws where one does not fit, since a hunt for nothing would prove nothing. */
export function plant(bug: PlantedBug, file: string, source: string): string {
  let changed = source;
  for (const edit of bug.edits) {
    if (edit.file !== file) continue;
    const times = changed.split(edit.from).length - 1;
    if (times !== 1) throw new NoLongerFits(bug, file, times);
    // A function, since a replacement text may contain what `replace` takes for a pattern.
    changed = changed.replace(edit.from, () => edit.to);
  }
  return changed;
}

export class NoLongerFits extends Error {
  override readonly name = 'NoLongerFits';

  constructor(bug: PlantedBug, file: string, times: number) {
    super(
      `the planted bug no longer fits: ${bug.name} replaces a text that stands in src/engine/${file} ${times} times, not once`,
    );
  }
}

export const filesOf = (bug: PlantedBug): ReadonlySet<string> => new Set(bug.edits.map(({ file }) => file));
