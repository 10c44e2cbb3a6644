import { KINDS, type Kind } from './compare.ts';

/** One case's verdict: which kinds are equal. */
export interface Verdict {
  readonly name: string;
  readonly features: readonly string[];
  readonly equal: ReadonlySet<Kind>;
}

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(0)} %`;

/** One row a feature, most frequent first; a case counts in the row of each of its features. */
export const table = (verdicts: readonly Verdict[]): string[] => {
  const rows = new Map<string, Verdict[]>([['all', [...verdicts]]]);
  for (const verdict of verdicts) {
    for (const feature of verdict.features) {
      const row = rows.get(feature);
      if (row === undefined) rows.set(feature, [verdict]);
      else row.push(verdict);
    }
  }
  const width = Math.max(...[...rows.keys()].map((feature) => feature.length));
  const head = ['feature'.padEnd(width), 'cases', ...KINDS.map((kind) => kind.padStart(8))].join(' ');
  return [
    head,
    ...[...rows]
      .sort(([, a], [, b]) => b.length - a.length)
      .map(([feature, row]) =>
        [
          feature.padEnd(width),
          String(row.length).padStart(5),
          ...KINDS.map((kind) =>
            percent(row.filter((verdict) => verdict.equal.has(kind)).length, row.length).padStart(8),
          ),
        ].join(' '),
      ),
  ];
};
