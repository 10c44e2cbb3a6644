import type { Simulation } from '../simulation.ts';
import { executionLines } from './execution.ts';
import { modificationLines } from './modifications.ts';
import { plain } from './plain.ts';
import { scoreLines } from './scores.ts';
import { remarks, statusLines } from './status.ts';
import { summaryLines } from './summary.ts';

export interface ReportOptions {
  /** The time of the decision as it was asked for, in the words of the one who asked. */
  readonly at: string | undefined;
  /** As with `-s`: the scores too, and then no headings and no bullets. */
  readonly withScores: boolean;
}

/** The date as in `2017-08-21 17:12:54Z`, of seconds since 1970. */
const dateText = (now: number): string =>
  `${new Date(now * 1000).toISOString().slice(0, 19).replace('T', ' ')}Z`;

const dateLines = ({ before }: Simulation, at: string | undefined): string[] => {
  if (at !== undefined) return [`Setting effective cluster time: ${at}`];
  const recorded = Number(before.input.document.fields['execution-date'] ?? 0);
  return recorded > 0 ? [`Using the original execution date of: ${dateText(recorded)}`] : [];
};

/**
 * What `crm_simulate -S` prints on its standard output (`-S -s` with scores); the parts about carrying it out where
 * that was asked for. The date is told where it is not simply the present one.
 */
export const report = (simulation: Simulation, { at, withScores }: ReportOptions): string => {
  const { before, input, transition, executed, request } = simulation;
  const date = dateLines(simulation, at);
  const remarked = remarks(before);
  const lines = [...date, ...remarked, ...(remarked.length > 0 ? [''] : [])];
  lines.push('Current cluster status:', ...statusLines(before, true));
  if (request.events.length > 0) {
    lines.push(
      '',
      'Performing Requested Modifications:',
      ...modificationLines(input, request.events),
      ...date,
    );
  }
  if (withScores) lines.push('', ...scoreLines(transition.ordered.assigned));
  lines.push('', 'Transition Summary:', ...summaryLines(transition));
  if (executed !== undefined) {
    const { execution, after } = executed;
    lines.push('', 'Executing Cluster Transition:', ...executionLines(execution));
    lines.push(...date, '', 'Revised Cluster Status:', ...statusLines(after, false));
  }
  return `${(withScores ? plain(lines) : lines).join('\n')}\n`;
};
