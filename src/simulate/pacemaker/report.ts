import type { Transition } from '../../engine/scheduler/graph/transition.ts';
import type { Unpacked } from '../../engine/scheduler/unpack/unpacked.ts';
import type { Execution } from '../execution.ts';
import { executionLines } from './execution.ts';
import { remarks, statusLines } from './status.ts';
import { summaryLines } from './summary.ts';

/** What crm_simulate has to tell; the later parts only where they were asked for. */
export interface Story {
  readonly before: Unpacked;
  readonly transition: Transition | undefined;
  readonly executed: { readonly execution: Execution; readonly after: Unpacked } | undefined;
}

/** The date as in `2017-08-21 17:12:54Z`, of seconds since 1970. */
const dateText = (now: number): string =>
  `${new Date(now * 1000).toISOString().slice(0, 19).replace('T', ' ')}Z`;

/**
 * What `crm_simulate -S` prints. The date is told where the document carries it. That an execution is stuck, which
 * crm_simulate tells on its error output, is left to the caller.
 */
export const report = ({ before, transition, executed }: Story): string => {
  const recorded = Number(before.input.document.fields['execution-date'] ?? 0);
  const date = recorded > 0 ? [`Using the original execution date of: ${dateText(recorded)}`] : [];
  const remarked = remarks(before);
  const lines = [
    ...date,
    ...remarked,
    ...(remarked.length > 0 ? [''] : []),
    'Current cluster status:',
    ...statusLines(before, true),
  ];
  if (transition !== undefined) lines.push('', 'Transition Summary:', ...summaryLines(transition));
  if (executed !== undefined) {
    const { execution, after } = executed;
    lines.push('', 'Executing Cluster Transition:', ...executionLines(execution));
    lines.push(...date, '', 'Revised Cluster Status:', ...statusLines(after, false));
  }
  return `${lines.join('\n')}\n`;
};
