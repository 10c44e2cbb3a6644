import type { Finding } from './hunt.ts';

/** One line of the table: bug, what found it, how many seeds that took, the seed, faults until then. */
export function row(finding: Finding, nameWidth: number): string {
  return line(finding.bug.name, cells(finding), nameWidth);
}

export const heading = (nameWidth: number): string =>
  line('bug', ['found by', 'expected', 'seeds', 'seed', 'faults'], nameWidth);

const WIDTHS = [12, 12, 6, 12, 7];

function line(name: string, rest: readonly string[], nameWidth: number): string {
  const aligned = rest.map((cell, index) => {
    const width = WIDTHS[index] ?? 0;
    return index < 2 ? cell.padEnd(width) : cell.padStart(width);
  });
  return `${name.padEnd(nameWidth)}  ${aligned.join('  ')}`.trimEnd();
}

function cells(finding: Finding): readonly string[] {
  const { expected } = finding.bug;
  switch (finding.kind) {
    case 'found':
      return [finding.property, expected, ...[finding.seeds, finding.seed, finding.faults].map(String)];
    case 'survived':
      return ['NOT FOUND', expected, String(finding.seeds)];
    case 'broken':
      return ['BROKEN', expected, '', String(finding.seed)];
  }
}
