import { written, type Line } from './story.ts';

/** Lines of a tale; what is left out of a longer one is in the middle. */
const MOST = { first: 20, last: 50 };
/** Both engines tell of what happened to the cluster; within so many milliseconds it is the same thing. */
const SAME = 5000;

/**
 * A story as a person would tell it: from the first thing that went wrong, what was done to whom, what people and
 * boards did, what the engines told, and what they began. Messages, timers and looks are left out.
 */
export function tale(lines: readonly Line[]): readonly string[] {
  const begin = lines.findIndex(({ who }) => who === 'FAULT');
  const told = plainWords(lines.slice(Math.max(0, begin))).map(written);
  if (told.length <= MOST.first + MOST.last + 1) return told;
  const left = told.length - MOST.first - MOST.last;
  return [
    ...told.slice(0, MOST.first),
    `          ... ${left} lines left out ...`,
    ...told.slice(-MOST.last),
  ];
}

/** What a person would want to know of it. */
export const plainWords = (lines: readonly Line[]): readonly Line[] =>
  withoutEchoes(lines.flatMap((line) => inPlainWords(line)));

function inPlainWords({ at, who, text }: Line): readonly Line[] {
  const as = (words: string, teller = who): readonly Line[] => [{ at, who: teller, text: words }];
  if (who === 'FAULT') return as(`*** ${text.replace(/^\d+ /, '')}`, '');
  if (who === 'MENDED') return as(`    over: ${text}`, '');
  if (text.startsWith('=== ')) return as(text.slice(4));
  if (text.startsWith('-> EVENT ')) return as(text.slice(9));
  const begun = /^-> perform \S+: (\S+) (\S+) ?(.*)$/.exec(text);
  if (begun !== null) {
    const [, agent = '', operation = '', subject = ''] = begun;
    return operation === 'monitor' ? [] : as(`begins ${agent} ${operation} ${subject}`.trimEnd());
  }
  const call = /^-> device fence-(\S+?)-\S+ of (\S+)$/.exec(text);
  if (call !== null) return as(`asks the board ${call[2] ?? ''} for '${call[1] ?? ''}'`);
  return text.startsWith('->') || text.startsWith('<-') ? [] : as(text);
}

function withoutEchoes(lines: readonly Line[]): readonly Line[] {
  const lastTold = new Map<string, Line>();
  return lines.filter((line) => {
    const before = lastTold.get(line.text);
    lastTold.set(line.text, line);
    return before === undefined || before.who === line.who || line.at - before.at > SAME;
  });
}

/** What each property asks for, in one sentence; DESIGN.md section 4. */
const PROPERTIES: Readonly<Record<string, string>> = {
  S1: 'A mirror is primary on one node at most.',
  S2: 'Nothing of a lost node starts elsewhere before its fencing is confirmed.',
  S3: 'Without quorum nothing is started.',
  S4: 'Only current data are promoted.',
  S5: 'A LUN is exported by one node at most, and is the same disk wherever it is.',
  S6: 'A write that was acknowledged to a host is never lost.',
  S7: 'A change that was acknowledged is on the disk of every online node, and stays.',
  S8: 'A controller that lost its place cannot act.',
  S9: 'Every action has a deadline, and what will not stop is fenced.',
  liveness: 'When nothing is broken any more, everything is well again within a bound.',
  bounds: 'Nothing that an engine remembers grows for ever.',
  engine: 'The engine never throws: its assertions hold.',
};

/** Which property broke, and how. */
export function verdictOf(property: string, message: string): readonly string[] {
  const sentence = PROPERTIES[property];
  return [
    `broken: ${property}${sentence === undefined ? '' : ` - ${sentence}`}`,
    ...message
      .replace(`${property}: `, '')
      .split('\n', 6)
      .map((line) => `        ${line}`),
  ];
}
