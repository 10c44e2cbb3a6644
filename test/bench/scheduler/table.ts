import type { Row } from './compare.ts';
import { headlines } from './sizes.ts';
import type { Shape } from './shapes.ts';

const WIDTHS = [8, 6, 10, 10, 8, 10, 10, 8, 9, 9] as const;

const line = (cells: readonly string[]): string =>
  cells
    .map((cell, index) => (index === 0 ? cell.padEnd(WIDTHS[0]) : cell.padStart(WIDTHS[index] ?? 0)))
    .join('');

export const heading = (): string =>
  [
    line(['', '', 'one call, s', '', '', 'process, s', '', '', 'peak, MiB']),
    line([
      'shape',
      'size',
      'keelson',
      'crm_sim',
      'ratio',
      'keelson',
      'crm_sim',
      'ratio',
      'keelson',
      'crm_sim',
    ]),
  ].join('\n');

const seconds = (value: number | undefined): string => value?.toFixed(3) ?? '-';
const mebibytes = (kibibytes: number | undefined): string =>
  kibibytes === undefined ? '-' : (kibibytes / 1024).toFixed(0);
const ratio = (theirs: number | undefined, ours: number): string =>
  theirs === undefined ? '-' : (theirs / ours).toFixed(1);

export const rowText = ({ shape, size, ours, theirs }: Row): string =>
  line([
    shape,
    String(size),
    seconds(ours.call),
    seconds(theirs?.call),
    ratio(theirs?.call, ours.call),
    seconds(ours.whole),
    seconds(theirs?.whole),
    ratio(theirs?.whole, ours.whole),
    mebibytes(ours.peak),
    mebibytes(theirs?.peak),
  ]);

/** The last line: how much faster at the common size, and how the large one grows. Of the group unless it is not asked for. */
export function verdict(rows: readonly Row[], shape: Shape): string {
  const [common, large, unit] = headlines[shape];
  const find = (size: number) => rows.find((row) => row.shape === shape && row.size === size);
  const row = find(common);
  const grown = find(large);
  if (row === undefined || grown === undefined)
    throw new Error('The sizes of the verdict were not measured.');
  const times = `${ratio(row.theirs?.call, row.ours.call)} x per call, ${ratio(row.theirs?.whole, row.ours.whole)} x whole process`;
  return `scheduler: ${common} ${unit} ${times}; ${large}/${common} takes ${ratio(grown.ours.call, row.ours.call)} x`;
}
