import { lunOfSnapshot, type LunView, type OperationView, type SnapshotView } from '../../model/index.ts';
import { inUtc } from '../../model/time-of-day.ts';
import { askForWords } from '../ask-words.ts';
import { usage } from '../failures.ts';
import { printJson } from '../output.ts';
import type { Session } from '../program.ts';
import { begunNote, untilEnd } from '../wait.ts';
import { forced } from './sessions.ts';

export interface RollbackOptions {
  readonly discard?: boolean;
  readonly acknowledge?: string;
  readonly force?: boolean;
  readonly wait: boolean;
}

interface Begun {
  readonly lun: LunView;
  readonly operation?: OperationView;
}

/** Throws the failure of the operation. */
export async function rollback(session: Session, name: string, options: RollbackOptions): Promise<void> {
  const { output, json } = session;
  const client = await session.client();
  const path = `/snapshots/${encodeURIComponent(name)}`;
  const snapshot = (await client.ask({ method: 'GET', path })).body as SnapshotView;
  const lun = lunOfSnapshot(name);
  const lunAt = `/luns/${encodeURIComponent(lun)}`;
  const now = (await client.ask({ method: 'GET', path: lunAt })).body as LunView;
  // What is under way was confirmed before.
  if (now.rollingBackTo !== name) await confirm(session, lun, snapshot, options);
  const body = { snapshot: name, ...(options.discard === true && { discard: true }) };
  const answer = await client.ask({ method: 'POST', path: `${lunAt}/rollback${forced(options)}`, body });
  const begun = answer.body as Begun;
  const running = begun.operation?.state === 'running' ? begun.operation : undefined;
  if (running === undefined || !options.wait) {
    if (json) printJson(output, begun);
    else if (running !== undefined) output.print(begunNote(running));
    else output.print(done(lun, snapshot));
    return;
  }
  output.tell(
    `rolling the LUN ${lun} back to ${name} (operation ${running.id}); it goes on if you end this command`,
  );
  const operation = await untilEnd(client, running, output);
  const served = (await client.ask({ method: 'GET', path: lunAt })).body as LunView;
  if (json) printJson(output, { lun: served, operation });
  else output.print(done(lun, snapshot));
}

const done = (lun: string, { createdAt, name }: SnapshotView): string =>
  `The LUN ${lun} has the data of ${name} again, of ${inUtc(createdAt)}.`;

async function confirm(
  { output }: Session,
  lun: string,
  { createdAt }: SnapshotView,
  { discard, acknowledge }: RollbackOptions,
): Promise<void> {
  const words = `roll back ${lun}`;
  const lost = discard === true ? 'is lost, and cannot be brought back' : 'becomes a snapshot';
  const question = {
    words,
    warning: `No host sees the LUN ${lun} until it has what it had ${inUtc(createdAt)}. What was written since ${lost}.`,
    question: 'If that is what you want',
  };
  const said = acknowledge ?? (await askForWords(output, question));
  if (said.trim() !== words) throw usage(`nothing was changed: the words are '${words}'`);
}
