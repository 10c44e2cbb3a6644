import * as z from 'zod';
import type { Lab } from '../../lab/lab.ts';

/** One way to use a disk, as fio knows it. */
export interface Job {
  readonly name: string;
  readonly mode: 'read' | 'write' | 'randread' | 'randwrite';
  /** fio's `bs`. */
  readonly block: string;
  /** Requests under way at once. */
  readonly depth: number;
}

export const jobs: readonly Job[] = [
  { name: '4 KiB writes, one at a time', mode: 'randwrite', block: '4k', depth: 1 },
  { name: '4 KiB writes, 16 at once', mode: 'randwrite', block: '4k', depth: 16 },
  { name: '4 KiB reads, one at a time', mode: 'randread', block: '4k', depth: 1 },
  { name: '4 KiB reads, 16 at once', mode: 'randread', block: '4k', depth: 16 },
  { name: '128 KiB writes in order', mode: 'write', block: '128k', depth: 4 },
  { name: '128 KiB reads in order', mode: 'read', block: '128k', depth: 4 },
];

export interface Measured {
  /** Requests completed a second. */
  readonly rate: number;
  /** Milliseconds within which 99 of 100 requests were completed. */
  readonly slowest: number;
}

const direction = z.object({
  iops: z.number(),
  clat_ns: z.object({ percentile: z.record(z.string(), z.number()) }),
});
const report = z.object({
  jobs: z.tuple([z.object({ error: z.int(), read: direction.partial(), write: direction.partial() })]),
});

/** What fio reports of one job, as JSON. */
export function readReport(text: string, { mode }: Pick<Job, 'mode'>): Measured {
  const [job] = report.parse(JSON.parse(text.slice(text.indexOf('{')))).jobs;
  if (job.error !== 0) throw new Error(`fio met error ${job.error}`);
  const { iops, clat_ns: latency } = mode.endsWith('read') ? job.read : job.write;
  const slowest = latency?.percentile['99.000000'];
  if (iops === undefined || slowest === undefined) throw new Error('fio reports no request of that kind');
  return { rate: iops, slowest: slowest / 1e6 };
}

/** `seconds` of the job on the host's device, straight to it, after two more that do not count. */
export async function runJob(lab: Lab, device: string, job: Job, seconds: number): Promise<Measured> {
  const said = await lab.node('client').demand(
    [
      'fio',
      '--name=data',
      `--filename=${device}`,
      `--rw=${job.mode}`,
      `--bs=${job.block}`,
      `--iodepth=${job.depth}`,
      '--direct=1',
      '--ioengine=libaio',
      // A processor's own counter, emulated, need not go as the host's clock does.
      '--clocksource=clock_gettime',
      '--time_based',
      '--ramp_time=2',
      `--runtime=${seconds}`,
      '--output-format=json',
    ],
    { timeout: (seconds + 120) * 1000 },
  );
  return readReport(said, job);
}
