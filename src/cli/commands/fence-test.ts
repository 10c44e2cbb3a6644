import { setTimeout as pause } from 'node:timers/promises';
import type { FenceTest, Fencing, NodeView } from '../../model/index.ts';
import type { Client } from '../client.ts';
import { durationOf } from '../duration.ts';
import { CliFailure, usage } from '../failures.ts';
import { printJson, printable, table } from '../output.ts';
import type { Session } from '../program.ts';

export interface FenceTestOptions {
  readonly level?: string;
  readonly dry?: boolean;
  readonly timeout: string;
}

export interface WaiveOptions {
  readonly reason?: string;
  readonly end?: boolean;
}

/** Milliseconds between two questions. */
const AGAIN = 1000;

/** Level after level, each to its end; throws the failure of the first that fails. */
export async function test(session: Session, name: string, options: FenceTestOptions): Promise<void> {
  const end = performance.now() + durationOf(options.timeout, '--timeout');
  const client = await session.client();
  const levels = await levelsOf(client, name, options.level);
  const done: FenceTest[] = [];
  for (const level of levels) {
    const path = `/nodes/${encodeURIComponent(name)}/fence-test`;
    await client.ask({ method: 'POST', path, body: { level, dry: options.dry === true } });
    done.push(await untilOver(session, client, name, end, options.timeout));
  }
  if (session.json) printJson(session.output, done);
  else
    session.output.print(
      options.dry === true
        ? `${name}: its fence devices answer; nothing was switched.`
        : `${name}: it was put out and came back, by ${levels.length === 1 ? 'its devices' : `each of ${levels.length} levels`}.`,
    );
}

async function levelsOf(client: Client, name: string, asked: string | undefined): Promise<readonly number[]> {
  if (asked !== undefined) {
    if (!/^[1-9]$/.test(asked)) throw usage(`--level is a number from 1 to 9, not ${asked}`);
    return [Number(asked)];
  }
  const devices = (await nodeOf(client, name))?.fenceDevices ?? [];
  const levels = [...new Set(devices.map(({ level }) => level))].sort((one, other) => one - other);
  return levels.length === 0 ? [1] : levels;
}

async function nodeOf(client: Client, name: string): Promise<NodeView | undefined> {
  const nodes = (await client.ask({ method: 'GET', path: '/nodes' })).body as readonly NodeView[];
  return nodes.find((node) => node.name === name);
}

/** The node that is asked may be the one that goes dark: it is asked on until it is back. */
async function untilOver(
  session: Session,
  client: Client,
  name: string,
  end: number,
  timeout: string,
): Promise<FenceTest> {
  let told = '';
  const tell = (words: string): void => {
    if (words !== told) session.output.tell(words);
    told = words;
  };
  for (;;) {
    const seen = await testOf(client, name).catch((problem: unknown) => {
      if (!(problem instanceof CliFailure) || problem.exitCode !== 3) throw problem;
      tell(`no answer, asking again: ${problem.message}`);
      return undefined;
    });
    if (seen?.state === 'passed') return seen;
    if (seen?.state === 'failed')
      throw new CliFailure(seen.failure?.code ?? 'internal', `${name}: ${seen.failure?.message ?? ''}`);
    if (seen !== undefined) tell(wordsOf(name, seen));
    if (performance.now() > end)
      throw new CliFailure('busy', `after ${timeout} the test of ${name} is not over`, {
        title: 'The test goes on',
        next: 'See `keelson fence list`.',
      });
    await pause(AGAIN);
  }
}

const testOf = async (client: Client, name: string): Promise<FenceTest | undefined> =>
  (await nodeOf(client, name))?.fenceTest;

const wordsOf = (name: string, { state, dry, level, took }: FenceTest): string =>
  dry === true
    ? `level ${level} of ${name}: the devices are asked`
    : state === 'dark'
      ? `level ${level} of ${name}: it is off, confirmed after ${seconds(took ?? 0)}; waiting for it to come back`
      : `level ${level} of ${name}: it is being switched off`;

const seconds = (duration: number): string => `${(duration / 1000).toFixed(1)} s`;

export async function waive(session: Session, name: string, { reason, end }: WaiveOptions): Promise<void> {
  if ((reason === undefined) === (end !== true)) throw usage('give --reason TEXT, or --end');
  const client = await session.client();
  const path = `/nodes/${encodeURIComponent(name)}/fence-waiver`;
  const { body } =
    reason === undefined
      ? await client.ask({ method: 'DELETE', path })
      : await client.ask({ method: 'PUT', path, body: { reason } });
  if (session.json) printJson(session.output, body);
  else
    session.output.print(
      reason === undefined
        ? `${name} is to be tested.`
        : `${name} is trusted to be fenced without a test; the status goes on saying so.`,
    );
}

export async function history(session: Session, limit: string): Promise<void> {
  if (!/^\d{1,5}$/.test(limit)) throw usage(`--limit is a number, not ${limit}`);
  const client = await session.client();
  const { body } = await client.ask({ method: 'GET', path: `/fencings?limit=${limit}` });
  if (session.json) {
    printJson(session.output, body);
    return;
  }
  const rows = (body as readonly Fencing[]).map(({ at, node, devices, by, took, attempts, reason }) => [
    new Date(at).toISOString(),
    node,
    devices.length === 0 ? 'a person' : `${devices.join(', ')}${by === undefined ? '' : ` by ${by}`}`,
    seconds(took),
    String(attempts),
    printable(reason),
  ]);
  session.output.print(table(['AT', 'NODE', 'CONFIRMED', 'TOOK', 'ATTEMPTS', 'WHY'], rows));
}
