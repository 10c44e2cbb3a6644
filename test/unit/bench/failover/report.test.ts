import { describe, expect, test } from 'vitest';
import { lastLine } from '../../../../appliance/bench/failover/last-line.ts';
import { markdownReport, textReport } from '../../../../appliance/bench/failover/report.ts';
import {
  isBroken,
  recoveryOf,
  typicalOf,
  type Measured,
  type Outcome,
  type Result,
  type StackName,
} from '../../../../appliance/bench/failover/results.ts';
import { notesOf, tableOf } from '../../../../appliance/bench/failover/table.ts';

const MINUTE = 60_000;
const BEGAN = 1_700_000_000_000;

/** Fenced after 10 s; the host writes so many seconds later. */
const measured = (seconds: number, more: Partial<Measured> = {}): Measured => ({
  kind: 'measured',
  began: BEGAN,
  milestones: {
    noticed: BEGAN + 6000,
    fenced: BEGAN + 10_000,
    promoted: BEGAN + 10_500,
    written: BEGAN + 10_000 + seconds * 1000,
  },
  longestGap: 10_050 + seconds * 1000,
  writes: 900,
  lost: 0,
  errors: 0,
  bothPrimary: 0,
  ...more,
});
const over: Outcome = {
  kind: 'over',
  limit: 15 * MINUTE,
  began: BEGAN,
  milestones: { fenced: BEGAN + 100_000 },
};
const cut = (stack: StackName, luns: number, ...outcomes: readonly Outcome[]): Result => ({
  stack,
  luns,
  deed: 'power-cut',
  outcomes,
});

describe('the last line', () => {
  test('of a whole run', () => {
    const results = [
      cut('keelson', 1, measured(4)),
      cut('keelson', 20, measured(5)),
      cut('keelson', 500, measured(11)),
      cut('pacemaker', 20, measured(612)),
    ];
    expect(lastLine(results)).toBe('failover: 20 LUNs 122 x faster than pacemaker, 500/1 takes 2.8 x');
  });

  test('claims what is proven where Pacemaker was given up, from its fencing on', () => {
    const results = [cut('keelson', 20, measured(5)), cut('pacemaker', 20, over)];
    expect(lastLine(results)).toBe(
      'failover: 20 LUNs more than 160 x faster than pacemaker, 500/1 not measured (keelson with 500 LUNs was not asked for)',
    );
  });

  test('claims nothing of what was given up before its fencing was seen', () => {
    const blind: Outcome = { kind: 'over', limit: 15 * MINUTE, began: BEGAN, milestones: {} };
    expect(lastLine([cut('keelson', 20, measured(5)), cut('pacemaker', 20, blind)])).toContain(
      '20 LUNs not compared with pacemaker (pacemaker with 20 LUNs took more than 15 minutes)',
    );
  });

  test('says what was not run, failed, or not seen', () => {
    const results = [
      cut('keelson', 1, { kind: 'failed', why: 'fio did not end' }),
      cut('keelson', 20, measured(5)),
      cut('keelson', 500, measured(5, { milestones: { fenced: BEGAN } })),
      cut('pacemaker', 20, { kind: 'not-run', why: 'it failed with 1 LUN' }),
    ];
    expect(lastLine(results)).toBe(
      'failover: 20 LUNs not compared with pacemaker (pacemaker with 20 LUNs was not run: it failed with 1 LUN), 500/1 not measured (of keelson with 500 LUNs the fencing or the first write was not seen)',
    );
    expect(lastLine([])).toBe(
      'failover: 20 LUNs not compared with pacemaker (keelson with 20 LUNs was not asked for), 500/1 not measured (keelson with 500 LUNs was not asked for)',
    );
  });
});

describe('of several runs', () => {
  test('the middle one counts', () => {
    const result = cut('keelson', 20, measured(9), measured(3), measured(5));
    const typical = typicalOf(result);
    expect(typical.kind === 'measured' && recoveryOf(typical)).toBe(5000);
  });

  test('one that went wrong counts for all', () => {
    expect(typicalOf(cut('keelson', 20, measured(9), over, measured(5)))).toBe(over);
  });

  test('a lost write, an error, two primaries or no write at all break the promise', () => {
    expect(isBroken(measured(1))).toBe(false);
    for (const broken of [{ lost: 1 }, { errors: 1 }, { bothPrimary: 1 }, { writes: 0 }])
      expect(isBroken(measured(1, broken))).toBe(true);
  });
});

describe('the table', () => {
  const results: readonly Result[] = [
    cut('keelson', 1, measured(4)),
    cut('pacemaker', 20, over),
    cut('pacemaker', 100, { kind: 'not-run', why: 'it took more than 15 minutes with 20 LUNs' }),
    {
      stack: 'keelson',
      luns: 1,
      deed: 'planned-move',
      outcomes: [measured(1, { milestones: { released: BEGAN + 900, promoted: BEGAN + 1400 } })],
    },
  ];

  test('tells when each phase ended, and how much later than the phase before that was seen', () => {
    const { header, rows } = tableOf(results, 'power-cut');
    expect(header).toEqual(['', 'keelson 1', 'pacemaker 20', 'pacemaker 100']);
    expect(rows).toEqual([
      ['loss noticed', '6.0 s (+6.0)', '-', '-'],
      ['fencing confirmed', '10.0 s (+4.0)', '100.0 s (+100.0)', '-'],
      ['promoted (DRBD)', '10.5 s (+0.5)', '-', '-'],
      ['volumes activated (LVM)', 'not seen', '-', '-'],
      ['LUNs exported (LIO)', 'not seen', '-', '-'],
      ['first address up', 'not seen', '-', '-'],
      ['host logged in again', 'not seen', '-', '-'],
      ['first write of the host', '14.0 s (+3.5)', '-', '-'],
      ['fencing confirmed to first write', '4.0 s', '-', '-'],
      ['longest gap between two writes', '14.1 s', 'over 15 min', 'not run'],
      ['writes, lost, errors', '900, 0, 0', '-', '-'],
    ]);
  });

  test('a move has no loss and no fencing, but a node that lets go', () => {
    const phases = tableOf(results, 'planned-move').rows.map(([what]) => what);
    expect(phases).not.toContain('fencing confirmed');
    expect(phases.slice(0, 2)).toEqual(['let go by the other node', 'promoted (DRBD)']);
  });

  test('what is no number has its reason', () => {
    expect(notesOf(results)).toEqual([
      'pacemaker, 20 LUNs, power cut: the host did not write within 15 minutes; given up',
      'pacemaker, 100 LUNs, power cut: not run: it took more than 15 minutes with 20 LUNs',
    ]);
  });

  test('the columns of the text stand below each other, and the last line is the claim', () => {
    const text = textReport(results, 1);
    const [first = '', second = ''] = text.split('\n');
    expect(first.indexOf('keelson 1') + 'keelson 1'.length).toBe(
      second.indexOf('6.0 s (+6.0)') + '6.0 s (+6.0)'.length,
    );
    expect(text.trimEnd().split('\n').at(-1)).toBe(lastLine(results));
  });

  test('the markdown names its command, and a run that has not ended', () => {
    const text = markdownReport(results, 3, 'npm run bench:failover -- --luns 1', false);
    expect(text).toContain('Made by `npm run bench:failover -- --luns 1`');
    expect(text).toContain('had not ended');
    expect(text).toContain('|  | keelson 1 | pacemaker 20 | pacemaker 100 |\n| --- | ---: | ---: | ---: |');
    expect(markdownReport(results, 3, 'x', true)).not.toContain('had not ended');
  });
});
