import { inWords } from './luns.ts';
import { deeds, phases, phasesOf, type Deed, type Milestones } from './phases.ts';
import { recoveryOf, typicalOf, type Measured, type Outcome, type Over, type Result } from './results.ts';

/** A table of words: the first column says what, the others are one stack with one number of LUNs each. */
export interface Table {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Seconds since the beginning, and in brackets since the phase before. */
export function tableOf(results: readonly Result[], deed: Deed): Table {
  const columns = results.filter((result) => result.deed === deed);
  const outcomes = columns.map(typicalOf);
  const row = (what: string, cell: (outcome: Outcome) => string): readonly string[] => [
    what,
    ...outcomes.map(cell),
  ];
  return {
    title: deeds[deed],
    header: ['', ...columns.map(({ stack, luns }) => `${stack} ${luns}`)],
    rows: [
      ...phasesOf(deed).map((phase, index, all) =>
        row(phases[phase], (outcome) => phaseCell(outcome, all.slice(0, index + 1))),
      ),
      ...(deed === 'power-cut'
        ? [
            row(
              'fencing confirmed to first write',
              measuredCell((each) => seconds(recoveryOf(each))),
            ),
          ]
        : []),
      row(
        'longest gap between two writes',
        (outcome) => endCell(outcome) ?? measuredCell((each) => seconds(each.longestGap))(outcome),
      ),
      row(
        'writes, lost, errors',
        measuredCell(({ writes, lost, errors }) => `${writes}, ${lost}, ${errors}`),
      ),
    ],
  };
}

const isTimed = (outcome: Outcome): outcome is Measured | Over =>
  outcome.kind === 'measured' || outcome.kind === 'over';

/** The last of these phases, and the time since the last one before it that was seen. */
function phaseCell(outcome: Outcome, until: readonly (keyof Milestones)[]): string {
  if (!isTimed(outcome)) return '-';
  const { began, milestones } = outcome;
  const last = until.at(-1);
  const at = last === undefined ? undefined : milestones[last];
  if (at === undefined) return outcome.kind === 'over' ? '-' : 'not seen';
  const before = until.slice(0, -1).findLast((phase) => milestones[phase] !== undefined);
  const since = before === undefined ? began : (milestones[before] ?? began);
  return `${((at - began) / 1000).toFixed(1)} s (${signed(at - since)})`;
}

const signed = (milliseconds: number): string =>
  `${milliseconds < 0 ? '-' : '+'}${(Math.abs(milliseconds) / 1000).toFixed(1)}`;

const measuredCell =
  (cell: (measured: Measured) => string) =>
  (outcome: Outcome): string =>
    outcome.kind === 'measured' ? cell(outcome) : '-';

function endCell(outcome: Outcome): string | undefined {
  switch (outcome.kind) {
    case 'measured':
      return undefined;
    case 'over':
      return `over ${outcome.limit / 60_000} min`;
    case 'failed':
      return 'failed';
    case 'not-run':
      return 'not run';
  }
}

const seconds = (milliseconds: number | undefined): string =>
  milliseconds === undefined ? 'not seen' : `${(milliseconds / 1000).toFixed(1)} s`;

/** A reason for each cell that is no number. */
export function notesOf(results: readonly Result[]): readonly string[] {
  return results.flatMap((result) => {
    const outcome = typicalOf(result);
    const what = `${result.stack}, ${inWords(result.luns)}, ${deeds[result.deed].toLowerCase()}`;
    switch (outcome.kind) {
      case 'measured':
        return outcome.bothPrimary > 0 ? [`${what}: both primary for ${outcome.bothPrimary} ms`] : [];
      case 'over':
        return [`${what}: the host did not write within ${outcome.limit / 60_000} minutes; given up`];
      case 'failed':
      case 'not-run':
        return [`${what}: ${outcome.kind === 'failed' ? 'failed' : 'not run'}: ${outcome.why}`];
    }
  });
}

export function asText({ title, header, rows }: Table): string {
  const all = [[title, ...header.slice(1)], ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function asMarkdown({ title, header, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = line(header.map((_, column) => (column === 0 ? '---' : '---:')));
  return [`## ${title}`, '', line(header), rule, ...rows.map(line)].join('\n');
}
