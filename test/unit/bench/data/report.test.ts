import { describe, expect, test } from 'vitest';
import { jobs, readReport } from '../../../../appliance/bench/data/jobs.ts';
import {
  lastLine,
  markdownReport,
  textReport,
  type Stage,
  type StageName,
} from '../../../../appliance/bench/data/report.ts';

const stage = (name: StageName, ...rates: number[]): Stage => ({
  name,
  rounds: Object.fromEntries(jobs.map((job) => [job.name, rates.map((rate) => ({ rate, slowest: 2 }))])),
});

describe('what fio reports', () => {
  const latency = (slowest: number): object => ({ percentile: { '50.000000': 1e6, '99.000000': slowest } });
  const report = {
    jobs: [
      {
        error: 0,
        read: { iops: 0, clat_ns: { percentile: {} } },
        write: { iops: 812.5, clat_ns: latency(7_500_000) },
      },
    ],
  };

  test('is read of the direction that the job goes in', () => {
    const text = `fio: a warning before it\n${JSON.stringify(report)}`;
    expect(readReport(text, { mode: 'randwrite' })).toEqual({ rate: 812.5, slowest: 7.5 });
    expect(() => readReport(text, { mode: 'read' })).toThrow('no request of that kind');
  });

  test('counts for nothing where a request failed', () => {
    const failed = { jobs: [{ ...report.jobs[0], error: 5 }] };
    expect(() => readReport(JSON.stringify(failed), { mode: 'randwrite' })).toThrow('error 5');
  });
});

describe('what the bench tells', () => {
  const all = [
    stage('keelson', 90, 100, 110),
    stage('mirror alone', 100, 100, 101),
    stage('keelson', 95, 80, 100),
    stage('bare disk', 150, 200, 200),
  ];

  test('the last line sets the medians of both stages with Keelson beside the mirror, and that beside the disk', () => {
    expect(lastLine(all)).toBe(
      'data: with Keelson 0.95 x the rate of the same mirror and target alone (least 0.95 x), which has 0.50 x that of the bare disk',
    );
  });

  test('the table tells how far the rounds with Keelson lie apart', () => {
    expect(textReport(all)).toContain('1.38');
    expect(markdownReport(all, 'npm run bench:data --')).toContain('Made by `npm run bench:data --`');
  });
});
