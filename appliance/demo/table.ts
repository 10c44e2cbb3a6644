import type { Phases } from '../trial/failover.ts';

/** One line a phase: what ended it, how long it took, and how long after the cut that was, in seconds. */
export function phaseTable(phases: Phases, cutNode: string, longestGap: number): string {
  const rows: readonly (readonly [string, number | undefined])[] = [
    [`power of ${cutNode} cut`, phases.cut],
    ['loss detected (Corosync)', phases.detected],
    ['fencing confirmed (IPMI)', phases.fenced],
    ['promoted (DRBD)', phases.promoted],
    ['exported (LVM, LIO, addresses)', phases.exported],
  ];
  let before = phases.cut;
  const lines = rows.map(([what, at]) => {
    if (at === undefined) return row(what, 'not seen', '');
    const line = row(what, seconds(at - before), seconds(at - phases.cut));
    before = at;
    return line;
  });
  return [
    row('phase', 'took', 'since the cut'),
    ...lines,
    row('first write of the host after it', '', `gap of ${seconds(longestGap)}`),
  ].join('\n');
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(2)} s`;

const row = (what: string, took: string, since: string): string =>
  `${what.padEnd(36)} ${took.padStart(10)} ${since.padStart(16)}`;
