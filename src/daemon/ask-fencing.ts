import type { FailureCode } from '../model/failure.ts';
import { failed, failure, type Result } from '../model/index.ts';
import type { ReplyOf, RequestOf } from '../model/request.ts';
import { seconds, type Milliseconds } from '../model/units.ts';

export interface FencingQuestion {
  /** Asks the engine. The signal tells it that nobody waits for the answer any more. */
  readonly ask: (
    request: RequestOf<'fence-peer'>,
    gone: AbortSignal,
  ) => Promise<Result<ReplyOf<'fence-peer'>>>;
  /** For people: why there is no answer yet; each reason once. */
  readonly tell: (line: string) => void;
  /** What this node is in the pool; undefined: that could not be found out. */
  readonly role: () => Promise<RequestOf<'fence-peer'>['role']>;
  /** Whether the kernel's handler still waits. */
  readonly isAwaited: () => boolean;
  /** Deadline of one question, after which it is asked anew; the default is 60 s. */
  readonly patience?: Milliseconds;
  /** Between two questions; the default is half a second. */
  readonly pause?: Milliseconds;
}

/** What asking again cannot change. Everything else may pass: a restart, a network, a person who mends the device. */
const final: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'pool_connected',
  'pool_not_found',
  'not_allowed',
  'body_invalid',
]);

/**
 * Asks the engine until the fate of the pool's peer is known; resolves with DRBD's exit code. It never gives up by time:
 * nobody would ask in its place, and I/O would stay frozen although fencing succeeds later. Undefined: the handler is
 * gone.
 */
export async function askUntilConfirmed(
  pool: string,
  question: FencingQuestion,
): Promise<number | undefined> {
  const { tell, role, isAwaited, pause = 500 } = question;
  let told = '';
  while (isAwaited()) {
    const answer = await askOnce({ pool, role: await role() }, question);
    if (answer.ok) return answer.value.exitCode;
    const { code, message } = answer.failure;
    if (told !== code) tell(`${pool}: ${code}: ${message}`);
    told = code;
    if (final.has(code)) return 1;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return undefined;
}

async function askOnce(
  request: RequestOf<'fence-peer'>,
  { ask, patience = seconds(60) }: FencingQuestion,
): Promise<Result<ReplyOf<'fence-peer'>>> {
  const gone = new AbortController();
  let late: NodeJS.Timeout | undefined;
  const deadline = new Promise<Result<never>>((resolve) => {
    late = setTimeout(
      () => resolve(failed(failure('engine_unreachable', `no answer in ${patience / 1000} s`))),
      patience,
    );
  });
  try {
    return await Promise.race([ask(request, gone.signal), deadline]);
  } catch (problem) {
    // Whatever it was, the kernel still waits.
    return failed(failure('internal', String(problem)));
  } finally {
    clearTimeout(late);
    gone.abort();
  }
}
