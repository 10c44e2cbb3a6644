/** Gives names to what has none: the same ones for the same text, each once. */
export class Ids {
  readonly #taken = new Set<string>();

  /** An id that somebody wrote. */
  keep(id: string): string {
    this.#taken.add(id);
    return id;
  }

  /** `wanted`, or `wanted-1`, `wanted-2`, ... where that is taken. */
  fresh(wanted: string): string {
    const base = wanted.replace(/[^\w.-]/g, '_');
    let id = base;
    for (let number = 1; this.#taken.has(id); number += 1) id = `${base}-${number}`;
    return this.keep(id);
  }
}
