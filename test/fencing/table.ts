/** As vitest's JSON reporter writes it. */
export interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
    }[];
  }[];
}

export interface Row {
  /** `KIND: PROGRAM`; what stands under none is about the agents themselves. */
  readonly peer: string;
  readonly shown: string;
  readonly result: 'passed' | 'failed' | 'skipped';
}

/** `isSelection`: what was not asked for is not told of. */
export const rowsOf = (report: Report, isSelection: boolean): readonly Row[] =>
  report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .map(({ ancestorTitles, title, status }): Row => ({
      peer: ancestorTitles[0] ?? '',
      shown: title,
      result: status === 'passed' || status === 'failed' ? status : 'skipped',
    }))
    .filter(({ result }) => !isSelection || result !== 'skipped');

export function countsOf(rows: readonly Row[]): Readonly<Record<Row['result'], number>> {
  const count = (wanted: Row['result']): number => rows.filter(({ result }) => result === wanted).length;
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
}

/** A line for each test, by peers. `versions`: of each peer's program. */
export function tableOf(rows: readonly Row[], versions: ReadonlyMap<string, string>): string {
  const cells = [...rows]
    .sort((one, other) => one.peer.localeCompare(other.peer))
    .map(({ peer, shown, result }) => {
      const [kind = '', program = ''] = peer === '' ? ['agents', 'none'] : peer.split(': ');
      return [kind, [program, versions.get(peer)].join(' ').trim(), result, shown] as const;
    });
  const all = [['kind', 'peer', 'result', 'shown'] as const, ...cells];
  const width = (column: 0 | 1 | 2): number => Math.max(...all.map((row) => row[column].length));
  const [kind, peer, result] = [width(0), width(1), width(2)];
  return all
    .map((row) => `${row[0].padEnd(kind)}  ${row[1].padEnd(peer)}  ${row[2].padEnd(result)}  ${row[3]}`)
    .join('\n');
}
