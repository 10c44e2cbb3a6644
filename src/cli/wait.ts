import { setTimeout as pause } from 'node:timers/promises';
import type { OperationView } from '../model/index.ts';
import type { Client } from './client.ts';
import { CliFailure } from './failures.ts';
import { printable, printJson, type Output } from './output.ts';
import type { Session } from './program.ts';

/** One long poll; each line of progress stands for one of them. */
const waitSeconds = 10;
/** A failover may take the API away for a while: this long (ms) we ask on before we give up. */
const patience = 60_000;

const inWords = ({ kind, subject, progress }: OperationView): string =>
  `${kind} ${subject}${progress === undefined ? '' : `, ${printable(progress)}`}`;

/** Follows an operation to its end, with a line of progress now and then. Throws its failure. */
export async function untilEnd(client: Client, begun: OperationView, output: Output): Promise<OperationView> {
  let operation = begun;
  let unreachableSince: number | undefined;
  while (operation.state === 'running') {
    try {
      const path = `/operations/${encodeURIComponent(operation.id)}?wait=${waitSeconds}`;
      operation = (await client.ask({ method: 'GET', path })).body as OperationView;
      unreachableSince = undefined;
      if (operation.state === 'running') output.tell(`still running: ${inWords(operation)}`);
    } catch (problem) {
      if (!(problem instanceof CliFailure) || problem.exitCode !== 3) throw problem;
      unreachableSince ??= performance.now();
      if (performance.now() - unreachableSince > patience) throw problem;
      output.tell(`no answer, asking again: ${problem.message}`);
      await pause(2000);
    }
  }
  if (operation.state === 'failed')
    throw new CliFailure(
      operation.failure?.code ?? 'internal',
      `${operation.kind} ${operation.subject}: ${operation.failure?.message ?? 'it failed without saying why'}`,
    );
  return operation;
}

/** Where to see what goes on without us. */
export const begunNote = ({ id }: OperationView): string => `Begun. See \`keelson operation show ${id}\`.`;

interface Following {
  readonly wait: boolean;
  /** What is said while it is waited for, and when it has succeeded. */
  readonly during: string;
  readonly after: string;
}

/** What a command does with an operation that is all its answer: follows it where that is wished. Throws its failure. */
export async function follow(
  session: Session,
  begun: OperationView,
  { wait, during, after }: Following,
): Promise<void> {
  const { output, json } = session;
  if (wait) output.tell(during);
  const operation = wait ? await untilEnd(await session.client(), begun, output) : begun;
  if (json) printJson(output, { operation });
  else output.print(operation.state === 'running' ? begunNote(operation) : after);
}
