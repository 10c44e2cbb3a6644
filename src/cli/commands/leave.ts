import { setTimeout as pause } from 'node:timers/promises';
import type { ReplyOf, StatusView } from '../../model/index.ts';
import type { Client } from '../client.ts';
import { durationOf } from '../duration.ts';
import { CliFailure } from '../failures.ts';
import { printJson } from '../output.ts';
import type { Session } from '../program.ts';

type Left = ReplyOf<'node.leave'>;

/** Milliseconds between two questions. */
const AGAIN = 500;
/** More than this many names do not help anybody. */
const MOST_NAMED = 5;

/** Asks until nothing is active there any more, with a line whenever something has changed. */
export async function leave(
  session: Session,
  name: string | undefined,
  options: { readonly force?: boolean; readonly timeout: string },
): Promise<void> {
  const end = performance.now() + durationOf(options.timeout, '--timeout');
  const client = await session.client();
  const node = name ?? (await ownName(client));
  const ask = { method: 'POST', path: `/nodes/${encodeURIComponent(node)}/leave` } as const;
  const body = { force: options.force === true };
  let told = '';
  for (;;) {
    const answer = await askOn(client, { ...ask, body, timeout: 10_000 }, end, (problem) =>
      session.output.tell(`no answer, asking again: ${problem}`),
    );
    if (answer.left) {
      if (session.json) printJson(session.output, answer);
      else session.output.print(`Nothing is active on ${node} any more; it may be switched off.`);
      return;
    }
    const words = active(answer);
    if (words !== told) session.output.tell(words);
    told = words;
    if (performance.now() > end)
      throw new CliFailure('busy', `after ${options.timeout} ${words}`, {
        title: 'The node has not left in time',
        next: `It goes on leaving: see \`keelson status\`. \`keelson node ready ${node}\` keeps it.`,
      });
    await pause(AGAIN);
  }
}

function active({ node, active: ids }: Left): string {
  const names = [...ids.slice(0, MOST_NAMED), ...(ids.length > MOST_NAMED ? ['...'] : [])];
  return ids.length === 0
    ? `${node} is about to leave`
    : `still active on ${node}: ${ids.length} (${names.join(', ')})`;
}

async function ownName(client: Client): Promise<string> {
  const status = (await client.ask({ method: 'GET', path: '/status' })).body as StatusView;
  if (status.node === undefined) throw new CliFailure('cluster_missing', 'this node belongs to no cluster');
  return status.node;
}

/** The nodes may be exchanging their state just now: that passes. A refusal does not. */
async function askOn(
  client: Client,
  ask: Parameters<Client['ask']>[0],
  end: number,
  tell: (problem: string) => void,
): Promise<Left> {
  for (;;) {
    try {
      return (await client.ask(ask)).body as Left;
    } catch (problem) {
      const passes =
        problem instanceof CliFailure &&
        ['not_reachable', 'engine_unreachable', 'not_synchronised', 'busy'].includes(problem.code);
      if (!passes || performance.now() > end) throw problem;
      tell(problem.message);
      await pause(2 * AGAIN);
    }
  }
}
