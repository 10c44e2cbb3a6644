import { growthLines, lastLine } from './last-line.ts';
import { deedNames } from './phases.ts';
import type { Result } from './results.ts';
import { asMarkdown, asText, notesOf, tableOf } from './table.ts';

/** How it was measured; the same words on the terminal and in the docs. */
const explanation = (times: number): readonly string[] => [
  'Columns are the stack and its number of LUNs; each cell says when a phase ended, counted from the cut (or the order to move), and in brackets how much later than the phase before.',
  'Both stacks ran one after the other in the same emulated machines, on the same DRBD resource, volume group and Corosync configuration, with the same boards. Emulation makes everything ten to thirty times slower than metal: compare, and take no number for itself.',
  'One host writes 4 KiB blocks to one of the LUNs all the time, 20 a second and never two at once, through two portals with multipath, and reads all of them back afterwards.',
  ...(times > 1 ? [`Of Keelson ${times} runs each, the middle one is shown.`] : []),
];

/** For the terminal; the last line is the claim. */
export function textReport(results: readonly Result[], times: number): string {
  const sections = [
    ...deedNames.map((deed) => asText(tableOf(results, deed))),
    [...explanation(times), ...notesOf(results), ...growthLines(results)].join('\n'),
    lastLine(results),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

/** For the docs; `command` is what made it. */
export function markdownReport(
  results: readonly Result[],
  times: number,
  command: string,
  isComplete: boolean,
): string {
  const notes = [...notesOf(results), ...growthLines(results)].map((line) => `- ${line}`);
  const sections = [
    '# Failover, measured',
    `Made by \`${command}\`; changes made here are lost.`,
    ...(isComplete ? [] : ['The run that wrote this had not ended.']),
    ...explanation(times),
    ...deedNames.map((deed) => asMarkdown(tableOf(results, deed))),
    ...(notes.length === 0 ? [] : [`## Notes\n\n${notes.join('\n')}`]),
    `\`${lastLine(results)}\``,
  ];
  return `${sections.join('\n\n')}\n`;
}
