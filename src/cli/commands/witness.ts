import type { OperationView } from '../../model/index.ts';
import { durationOf } from '../duration.ts';
import { printJson } from '../output.ts';
import type { Session } from '../program.ts';
import { begunNote, untilEnd } from '../wait.ts';
import { witnessSecretOf } from './cluster.ts';

export interface AddOptions {
  readonly address: string;
  readonly secretFile?: string;
  readonly tls?: string;
  readonly ping?: readonly string[];
  readonly program?: readonly string[];
  readonly heuristics?: string;
  readonly heuristicsTimeout?: string;
  readonly wait: boolean;
}

const PATH = '/cluster/witness';
/** A small machine takes its time to sign a certificate. Milliseconds. */
const addingTimeout = 330_000;

const WITHOUT =
  'There is no witness. The rules without one hold: after a split, of two nodes the one that fences the other goes on; a node that boots alone waits for the other one.';

export async function add(session: Session, options: AddOptions): Promise<void> {
  const { address } = options;
  const secret = witnessSecretOf(options.secretFile);
  session.output.tell(`looking for the witness ${address}`);
  const client = await session.client();
  const { body } = await client.ask({
    method: 'PUT',
    path: PATH,
    body: { address, tls: options.tls, heuristics: heuristicsOf(options), secret },
    timeout: addingTimeout,
  });
  const ended = await followed(session, body, options.wait);
  if (ended === 'begun') return;
  const isNew = ended !== undefined;
  session.output.print(
    isNew
      ? `The witness ${address} votes: of two halves of a split it lets one go on, and the other loses quorum at once.`
      : `${address} is the witness already, with these parameters.`,
  );
}

export async function remove(session: Session, { wait }: { readonly wait: boolean }): Promise<void> {
  const client = await session.client();
  const { body } = await client.ask({ method: 'DELETE', path: PATH });
  if ((await followed(session, body, wait)) !== 'begun') session.output.print(WITHOUT);
}

/** Undefined where nothing was to be done; `begun` where all was said already. */
async function followed(
  { client, output, json }: Session,
  body: unknown,
  wait: boolean,
): Promise<OperationView | 'begun' | undefined> {
  const begun = (body as { readonly operation?: OperationView } | undefined)?.operation;
  const isOver = begun?.state !== 'running';
  if (!isOver && wait) {
    output.tell(`operation ${begun.id}: ${begun.progress ?? begun.kind}`);
    const operation = await untilEnd(await client(), begun, output);
    if (!json) return operation;
    printJson(output, { operation });
    return 'begun';
  }
  if (json) printJson(output, body ?? {});
  else if (!isOver) output.print(begunNote(begun));
  return json || !isOver ? 'begun' : begun;
}

function heuristicsOf({
  ping,
  program,
  heuristics: mode,
  heuristicsTimeout,
}: AddOptions): object | undefined {
  if (ping === undefined && program === undefined && mode === undefined && heuristicsTimeout === undefined)
    return undefined;
  const timeout =
    heuristicsTimeout === undefined ? undefined : durationOf(heuristicsTimeout, '--heuristics-timeout');
  return { mode, timeout, ping, programs: program };
}
