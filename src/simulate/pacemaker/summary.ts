import { summarise, type SummaryLine } from '../../engine/scheduler/graph/summary.ts';
import type { Transition } from '../../engine/scheduler/graph/transition.ts';

/** No column is narrower. */
const NARROWEST = 5;

/** An id that needs more room than there is makes its column wider than itself by this. */
const MARGIN = 2;

interface Widths {
  readonly resource: number;
  readonly details: number;
}

/** The lines under "Transition Summary", bullets included. */
export const summaryLines = (transition: Transition): string[] => {
  const lines = summarise(transition);
  const widths = widthsOf(lines);
  return lines.flatMap((line) => summaryLine(line, widths));
};

const widthsOf = (lines: readonly SummaryLine[]): Widths => {
  const widths = { resource: NARROWEST, details: NARROWEST };
  for (const line of lines) {
    if (line.kind === 'node') continue;
    const { id } = line.resource;
    if (id.length > widths.resource) widths.resource = id.length + MARGIN;
    widths.details = Math.max(widths.details, line.details.length);
  }
  return widths;
};

const summaryLine = (line: SummaryLine, widths: Widths): string[] => {
  switch (line.kind) {
    case 'node':
      return line.reason === undefined ? [] : [`  * ${line.verb} ${line.node?.name ?? ''} '${line.reason}'`];
    case 'resource': {
      const { verb, details, reason } = line;
      const columns = [
        verb.padEnd(8),
        line.resource.id.padEnd(widths.resource),
        `( ${details.padStart(widths.details)} )`,
      ];
      return [`  * ${columns.join('   ')}${reason === undefined ? '' : `  ${reason}`}`];
    }
  }
};
