import { setTimeout as wait } from 'node:timers/promises';
import type { Lab } from '../lab/lab.ts';

const FOLDER = '/root/writer';
const BLOCK = 4096;

export interface WriterReport {
  /** Writes that the SAN acknowledged to the application. */
  readonly writes: number;
  /** I/O errors that reached the application. */
  readonly errors: number;
  /** Longest time between two completed writes, in milliseconds. */
  readonly longestGap: number;
  /** When each write was completed, in order: milliseconds since 1970 by the host's clock. */
  readonly completed: readonly number[];
}

export interface VerifyReport {
  readonly verified: number;
  readonly lost: number;
}

/**
 * fio on the host: writes one block after the other, each with its checksum and place in it, straight to the device
 * and never two at a time, so that the next write begins only when the last one was acknowledged.
 */
export class Writer {
  readonly #lab: Lab;
  readonly #device: string;

  constructor(lab: Lab, device: string) {
    this.#lab = lab;
    this.#device = device;
  }

  async start(writesPerSecond: number): Promise<void> {
    const fio = [
      'fio',
      '--name=writer',
      `--filename=${this.#device}`,
      '--rw=write',
      `--bs=${BLOCK}`,
      '--direct=1',
      '--ioengine=libaio',
      '--iodepth=1',
      // A processor's own counter, emulated, need not go as the host's clock does.
      '--clocksource=clock_gettime',
      `--rate_iops=${writesPerSecond}`,
      '--verify=crc32c',
      '--do_verify=0',
      `--write_lat_log=${FOLDER}/log`,
      '--log_offset=1',
      '--log_unix_epoch=1',
      '--output-format=json',
      `--output=${FOLDER}/report.json`,
    ];
    await this.#lab.node('client').demand(`rm -rf ${FOLDER}; mkdir -p ${FOLDER}; cd ${FOLDER}
systemctl reset-failed writer.service 2>/dev/null || true
systemd-run --quiet --unit=writer --property=WorkingDirectory=${FOLDER} ${fio.join(' ')}`);
    await wait(2000);
    if (!(await this.isRunning())) throw new Error(`fio ended at once: ${await this.#said()}`);
  }

  async isRunning(): Promise<boolean> {
    return (
      (await this.#lab.node('client').run(['systemctl', 'is-active', '--quiet', 'writer.service']))
        .exitCode === 0
    );
  }

  /** Ends fio after the write it is at; a write that hangs is waited for. */
  async stop(timeout = 180_000): Promise<WriterReport> {
    const client = this.#lab.node('client');
    await client.run(['systemctl', 'kill', '--signal=INT', 'writer.service']);
    const end = performance.now() + timeout;
    while (await this.isRunning()) {
      if (performance.now() > end) throw new Error('fio did not end: a write hangs');
      await wait(1000);
    }
    const report = JSON.parse(
      (await client.demand(['cat', `${FOLDER}/report.json`])).replace(/^[^{]*/, ''),
    ) as {
      readonly jobs: readonly { readonly error: number; readonly total_err?: number }[];
    };
    const log = await client.demand(`cat ${FOLDER}/log_clat.*.log`);
    return readLog(
      log,
      report.jobs.reduce((sum, job) => sum + (job.error === 0 ? 0 : 1) + (job.total_err ?? 0), 0),
    );
  }

  /** Ends fio however it is; for when the work under load failed. */
  async abandon(): Promise<void> {
    await this.#lab.node('client').run(['systemctl', 'kill', '--signal=KILL', 'writer.service']);
  }

  async #said(): Promise<string> {
    return (
      await this.#lab
        .node('client')
        .run(`journalctl -u writer.service -n 20 --no-pager; cat ${FOLDER}/report.json`)
    ).stdout;
  }

  /** Reads every acknowledged block back and compares its checksum and place, from the SAN's disk and not from a cache. */
  async verify(writes: number): Promise<VerifyReport> {
    const outcome = await this.#lab
      .node('client')
      .run(
        [
          'fio',
          '--name=verify',
          `--filename=${this.#device}`,
          '--rw=write',
          `--bs=${BLOCK}`,
          `--size=${writes * BLOCK}`,
          '--direct=1',
          '--ioengine=libaio',
          '--iodepth=8',
          '--verify=crc32c',
          '--verify_only=1',
          '--verify_fatal=0',
          '--continue_on_error=verify',
          '--output-format=json',
        ],
        { timeout: 900_000 },
      );
    const text = outcome.stdout.slice(outcome.stdout.indexOf('{'));
    const { jobs } = JSON.parse(text) as {
      readonly jobs: readonly {
        readonly error: number;
        readonly total_err?: number;
        readonly read: { readonly total_ios: number };
      }[];
    };
    const read = jobs.reduce((sum, job) => sum + job.read.total_ios, 0);
    const bad = jobs.reduce((sum, job) => sum + (job.total_err ?? (job.error === 0 ? 0 : 1)), 0);
    return { verified: Math.max(0, read - bad), lost: bad + Math.max(0, writes - read) };
  }
}

/** fio's latency log: time (ms, epoch), latency (ns), direction, size, offset, priority. */
export function readLog(text: string, errors: number): WriterReport {
  const completed = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Number(line.split(',')[0]))
    .filter((at) => Number.isFinite(at));
  const gaps = completed.slice(1).map((at, index) => at - (completed[index] ?? at));
  const longestGap = gaps.reduce((longest, gap) => Math.max(longest, gap), 0);
  return { writes: completed.length, errors, longestGap, completed };
}
