import { setTimeout as pause } from 'node:timers/promises';
import { check } from '../../api/check.ts';
import { failed, failure, failures, success, type FailureCode, type Result } from '../../model/index.ts';
import {
  Answers,
  createTerminal,
  discoverTargets,
  hasLoggedIn,
  setUp,
  StateFile,
  writePrivately,
  type Api,
  type SetupEnd,
} from '../../wizard/index.ts';
import type { Client } from '../client.ts';
import { take } from '../decide.ts';
import { CliFailure, Ending, exitCodes, usage } from '../failures.ts';
import { printJson, printable } from '../output.ts';
import type { Session } from '../program.ts';
import { readDocument } from '../read-file.ts';
import { renderStatus } from '../render-status.ts';
import { warnOfReaders, witnessSecretOf } from './cluster.ts';
import { connectInfo } from './connect-info.ts';

export interface SetupOptions {
  readonly answers?: string;
  readonly ask?: boolean;
  readonly planOnly?: boolean;
  readonly saveAnswers?: string;
  readonly startOver?: boolean;
  readonly state: string;
  readonly waitForHost?: boolean;
}

/** Asks as nobody else: who is asked is not asked in the name of a host that may be logged in. */
const OWN_INITIATOR = 'iqn.2026-11.internal.keelson:setup';
/** Milliseconds between two looks for the host's login. */
const LOOK_AGAIN = 3000;

export async function setup(session: Session, options: SetupOptions): Promise<void> {
  const given = await givenBy(session, options);
  const isAsking = options.answers === undefined || options.ask === true;
  if (isAsking && !process.stdin.isTTY)
    throw usage(
      'there is nobody to ask',
      'Run it in a terminal, or give --answers FILE; see `keelson setup --help`.',
    );
  const { output } = session;
  const tell = (text: string): void => output.tell(printableLines(text));
  const api = apiOf(await session.client());
  const { saveAnswers } = options;
  const end = take(
    await untilInterrupted(
      tell,
      setUp({
        api,
        state: new StateFile(options.state),
        front: isAsking ? createTerminal(tell) : undefined,
        tell,
        given,
        planOnly: options.planOnly === true,
        startOver: options.startOver === true,
        saveAnswers:
          saveAnswers === undefined
            ? undefined
            : async (answers) => {
                await writePrivately(saveAnswers, `${JSON.stringify(answers, undefined, 2)}\n`);
                tell(`the answers are in ${saveAnswers}, passwords included: only root reads it`);
              },
        world: {
          pause: (milliseconds) => pause(milliseconds),
          now: () => performance.now(),
          targetsAt: (address, port) => discoverTargets(address, port, OWN_INITIATOR),
        },
        today: Date.now(),
      }),
    ),
  );
  await tellEnd(session, end, api, isAsking || options.waitForHost === true);
}

async function givenBy(session: Session, { answers, ask }: SetupOptions): Promise<Answers> {
  if (answers === undefined && ask === true) throw usage('--ask belongs to --answers FILE');
  const document = answers === undefined ? {} : await readDocument(answers);
  if (answers !== undefined) warnOfReaders(session, answers, 'the passwords of the fence devices');
  const checked = check(Answers, document);
  if (!checked.ok) throw new CliFailure('answers_invalid', checked.failure.message);
  const joinCode = process.env['KEELSON_JOIN_CODE'] ?? checked.value.joinCode;
  const { witness } = checked.value;
  const secret = witnessSecretOf(undefined);
  return {
    ...checked.value,
    ...(joinCode === undefined || joinCode === '' ? {} : { joinCode }),
    ...(secret === undefined || witness === undefined || witness === 'none'
      ? {}
      : { witness: { ...witness, secret } }),
  };
}

/** The API of this node, with failures as values. */
const apiOf = (client: Client): Api => ({
  ask: async <Answer>(ask: Parameters<Api['ask']>[0]): Promise<Result<Answer>> => {
    try {
      return success((await client.ask(ask)).body as Answer);
    } catch (problem) {
      if (!(problem instanceof CliFailure)) throw problem;
      const code = Object.hasOwn(failures, problem.code) ? (problem.code as FailureCode) : undefined;
      return failed(failure(code ?? 'engine_unreachable', problem.message));
    }
  },
});

/** Ctrl-C is no failure: all that counts is on disk. */
async function untilInterrupted<Value>(tell: (text: string) => void, work: Promise<Value>): Promise<Value> {
  const interrupted = (): never => {
    tell('\ninterrupted; `keelson setup` goes on from here');
    process.exit(exitCodes.interrupted);
  };
  process.on('SIGINT', interrupted);
  try {
    return await work;
  } catch (problem) {
    // How inquirer tells of Ctrl-C at a question.
    if ((problem as Error).name !== 'ExitPromptError') throw problem;
    tell('the answers so far are kept; `keelson setup` goes on from here');
    throw new Ending(exitCodes.interrupted);
  } finally {
    process.off('SIGINT', interrupted);
  }
}

async function tellEnd(session: Session, end: SetupEnd, api: Api, waits: boolean): Promise<void> {
  const { output } = session;
  if (session.json) printJson(output, end.kind === 'done' || end.kind === 'there' ? end.status : end);
  switch (end.kind) {
    case 'planned':
      output.tell('nothing was changed');
      return;
    case 'left':
      output.tell('nothing was changed; the answers are kept for the next `keelson setup`');
      return;
    case 'there':
      if (!session.json) output.print(renderStatus(end.status, process.stdout.rows));
      output.tell('This node belongs to a cluster already, and no set-up is under way.');
      return;
    case 'done': {
      if (!session.json) output.print(renderStatus(end.status, process.stdout.rows));
      const host = end.plan.file.hosts[0]?.name;
      if (host === undefined || session.json) {
        output.tell('The SAN is set up. Next: `keelson host create --help`, `keelson lun create --help`.');
        return;
      }
      output.tell(`\nThe SAN is set up. On the host ${host}, as root:\n`);
      await connectInfo(session, host, { for: 'linux' });
      output.tell(`\n(for Windows and ESXi: \`keelson host connect-info ${host} --for windows|esxi\`)`);
      if (waits) await waitForHost(session, api, host);
    }
  }
}

/** The last proof is the host's to give. Ctrl-C ends the waiting, and nothing else. */
async function waitForHost({ output }: Session, api: Api, host: string): Promise<void> {
  output.tell(`Waiting for ${host} to log in (Ctrl-C ends the waiting; the SAN is ready).`);
  while (!(await hasLoggedIn(api, host))) await pause(LOOK_AGAIN);
  output.tell(`${host} is logged in.`);
}

/** Line ends are ours; all else that a terminal would obey is not. */
const printableLines = (text: string): string => text.split('\n').map(printable).join('\n');
