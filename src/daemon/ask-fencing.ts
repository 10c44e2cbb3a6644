import type { FailureCode } from '../model/failure.ts';
import type { RequestOf } from '../model/request.ts';
import { seconds, type Milliseconds } from '../model/units.ts';
import { createEngineGateway } from '../platform/socket/gateway.ts';

export interface FencingQuestion {
  /** Path of the engine's socket. */
  readonly socket: string;
  /** For people: why there is no answer yet; each reason once. */
  readonly tell: (line: string) => void;
  /** What this node is in the pool; undefined: that could not be found out. */
  readonly role: () => Promise<RequestOf<'fence-peer'>['role']>;
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
]);

/**
 * Asks the engine until the fate of the pool's peer is known; resolves with DRBD's exit code. It never gives up by time:
 * nobody would ask in its place, and I/O would stay frozen although fencing succeeds later.
 */
export async function askUntilConfirmed(pool: string, question: FencingQuestion): Promise<number> {
  const { socket, tell, role, patience = seconds(60), pause = 500 } = question;
  let told = '';
  for (;;) {
    // A connection for each question: closing it tells the engine that nobody waits for the answer any more.
    const gateway = createEngineGateway({
      path: socket,
      timeout: patience,
      timeouts: { 'fence-peer': patience },
    });
    const answer = await gateway.request('fence-peer', { pool, role: await role() });
    gateway.close();
    if (answer.ok) return answer.value.exitCode;
    const { code, message } = answer.failure;
    if (told !== code) tell(`fence-peer ${pool}: ${code}: ${message}`);
    told = code;
    if (final.has(code)) return 1;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
