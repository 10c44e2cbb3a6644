import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { Result, StatusView } from '../../model/index.ts';
import {
  contentsOfNode,
  isThere,
  placesOf,
  sourceOf,
  writeReport,
  type Item,
  type Report,
} from '../../report/index.ts';
import { version } from '../../api/schemas/version.ts';
import type { Client } from '../client.ts';
import { durationOf } from '../duration.ts';
import { CliFailure, exitCodes, usage } from '../failures.ts';
import { printJson, printable, table } from '../output.ts';
import type { Session } from '../program.ts';
import { itemsOfApi } from '../report-items.ts';

export interface ReportCommandOptions {
  readonly output?: string;
  readonly since: string;
  readonly list?: boolean;
  readonly tokenFile: string;
}

/** Of one program or request, milliseconds. */
const DEADLINE = 20_000;
const DAY = 24 * 3600 * 1000;

export async function report(session: Session, options: ReportCommandOptions): Promise<void> {
  const now = Date.now();
  const since = sinceOf(options.since, now);
  const places = placesOf(process.env);
  const ofApi = itemsOfApi(session.client);
  const ofNode = contentsOfNode(places, Math.floor(since / 1000));
  if (options.list === true) {
    list(session, [...ofApi, ...ofNode]);
    return;
  }
  if (process.geteuid?.() !== 0)
    throw new CliFailure('not_allowed', 'only root can read what a report is made of', {
      next: 'Run it as root: `sudo keelson report`.',
    });
  const begun = new Date(now).toISOString();
  const status = await statusOf(session.client);
  const output = resolve(options.output ?? nameOf(status, begun));
  if (await isThere(output)) throw usage(`${output} is there already, and is left as it is`);
  session.output.tell(`collecting into ${output}; what hangs is left behind after ${DEADLINE / 1000} s`);
  const shown = await tokens(options.tokenFile);
  const written = await interruptible((signal) =>
    writeReport({
      output,
      places,
      items: [...ofApi, ...ofNode],
      heading: [
        `Keelson ${version}, report of ${hostname()}, begun ${begun}`,
        `Cluster: ${status?.clusterName ?? 'not known'}; node: ${status?.node ?? 'not known'}`,
        `Logs since ${new Date(since).toISOString()}`,
        'Secrets are replaced by [secret removed]. Names and addresses of nodes and hosts are as they are.',
      ],
      moreSecrets: shown,
      deadline: deadlineOf(process.env),
      signal,
      tell: (line) => session.output.tell(`  ${printable(line)}`),
    }).catch((problem: unknown) => {
      throw notWritten(output, problem);
    }),
  );
  tellResult(session, written);
}

/** Milliseconds since 1970. */
function sinceOf(text: string, now: number): number {
  const [, days] = /^(\d{1,4})d$/.exec(text) ?? [];
  if (days !== undefined) return now - Number(days) * DAY;
  if (/^[\d.]+[a-z]+$/.test(text)) return now - durationOf(text, '--since');
  const time = Date.parse(text.replace(' ', 'T'));
  if (Number.isNaN(time) || time > now)
    throw usage(`--since is a time such as 12h, 3d or 2026-11-21T15:00:00Z, and not one to come: ${text}`);
  return time;
}

function list(session: Session, items: readonly Item[]): void {
  const rows = items.map((item) => [item.name, sourceOf(item).replaceAll('\n', '\\n')]);
  if (session.json)
    printJson(
      session.output,
      rows.map(([name, source]) => ({ name, source })),
    );
  else session.output.print(table(['FILE', 'FROM'], rows));
}

/** For the name of the archive only; that there is no answer is told with the items. */
async function statusOf(client: () => Promise<Client>): Promise<StatusView | undefined> {
  try {
    return (await (await client()).ask({ method: 'GET', path: '/status', timeout: 5000 })).body as StatusView;
  } catch {
    return undefined;
  }
}

function nameOf(status: StatusView | undefined, begun: string): string {
  const time = begun.replaceAll(/[-:]|\.\d+/g, '');
  const names = [status?.clusterName, status?.node ?? hostname()].filter((name) => name !== undefined);
  return `${['keelson-report', ...names, time].join('-').replaceAll(/[^\w.-]/g, '_')}.tar.gz`;
}

/** What this command itself shows the API. */
async function tokens(file: string): Promise<readonly string[]> {
  const kept = await readFile(file, 'utf8').catch(() => '');
  return [kept.trim(), process.env['KEELSON_TOKEN'] ?? ''].filter((token) => token !== '');
}

/** Tests make it shorter. */
const deadlineOf = (environment: NodeJS.ProcessEnv): number =>
  Number(environment['KEELSON_REPORT_DEADLINE'] ?? DEADLINE);

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ends the work at the first signal, and this process when the work has cleared away what it had begun. */
async function interruptible(
  work: (signal: AbortSignal) => Promise<Result<Report>>,
): Promise<Result<Report>> {
  const controller = new AbortController();
  const interrupt = (): void => controller.abort();
  signals.forEach((name) => process.on(name, interrupt));
  try {
    const done = await work(controller.signal);
    if (done.ok || !controller.signal.aborted) return done;
    process.stderr.write('interrupted; nothing was written\n');
    // A question to an API that hangs would hold this process.
    process.exit(exitCodes.interrupted);
  } finally {
    signals.forEach((name) => process.off(name, interrupt));
  }
}

function notWritten(output: string, problem: unknown): CliFailure {
  const { code = String(problem) } = problem as NodeJS.ErrnoException;
  return new CliFailure('command_failed', `${output} cannot be written: ${code}`, {
    next: 'Give a file in a folder with space, with --output.',
  });
}

function tellResult({ json, output }: Session, written: Result<Report>): void {
  if (!written.ok) throw new CliFailure(written.failure.code, written.failure.message);
  const { entries, bytes, unread } = written.value;
  const missing = entries.filter((entry) => entry.bytes === 0);
  output.tell(
    `${entries.length - missing.length} of ${entries.length} are in the report, ${Math.ceil(bytes / 1024)} KiB; ${missing.length === 0 ? 'none is' : `${missing.length} are`} missing (index.txt says why)`,
  );
  if (unread.length > 0)
    output.tell('Not all secrets of this node could be looked for: read the report before you send it.');
  if (json) printJson(output, written.value);
  else output.print(written.value.output);
}
