import { formatSize } from '../../api/schemas/size.ts';
import type { OperationView, SnapshotView } from '../../model/index.ts';
import { inUtc } from '../../model/time-of-day.ts';
import { printJson, table } from '../output.ts';
import type { Session } from '../program.ts';
import { begunNote, follow, untilEnd } from '../wait.ts';

interface Begun {
  readonly snapshot: SnapshotView;
  /** Absent: it was made long ago. */
  readonly operation?: OperationView;
}

const snapshotAt = (name: string): string => `/snapshots/${encodeURIComponent(name)}`;

export async function create(session: Session, name: string, { wait }: { wait: boolean }): Promise<void> {
  const client = await session.client();
  const { output, json } = session;
  const answer = (await client.ask({ method: 'POST', path: '/snapshots', body: { name } })).body as Begun;
  const running = answer.operation?.state === 'running' ? answer.operation : undefined;
  if (running === undefined || !wait) {
    if (json) printJson(output, answer);
    else
      output.print(
        running === undefined
          ? `The snapshot ${name} is there, of ${when(answer.snapshot)}.`
          : begunNote(running),
      );
    return;
  }
  output.tell(`making the snapshot ${name} (operation ${running.id})`);
  const operation = await untilEnd(client, running, output);
  const snapshot = (await client.ask({ method: 'GET', path: snapshotAt(name) })).body as SnapshotView;
  if (json) printJson(output, { snapshot, operation });
  else output.print(`The snapshot ${name} is made, of ${when(snapshot)}.`);
}

const when = ({ createdAt }: SnapshotView): string => inUtc(createdAt);

export interface ListOptions {
  readonly name?: string;
  readonly lun?: string;
  readonly pool?: string;
  readonly state?: string;
}

export async function list(session: Session, asked: ListOptions): Promise<void> {
  const { name, lun, pool, state } = asked;
  const client = await session.client();
  const snapshots = await client.all<SnapshotView>('/snapshots', { name, lun, pool, state });
  if (session.json) {
    printJson(session.output, snapshots);
    return;
  }
  const rows = snapshots.map((one) => [
    one.name,
    when(one),
    formatSize(one.size),
    one.pool,
    one.state,
    one.keptBy ?? '-',
  ]);
  session.output.print(table(['SNAPSHOT', 'OF', 'SIZE', 'POOL', 'STATE', 'MADE BY'], rows));
}

export async function show(session: Session, name: string): Promise<void> {
  const client = await session.client();
  const { body } = await client.ask({ method: 'GET', path: snapshotAt(name) });
  if (session.json) {
    printJson(session.output, body);
    return;
  }
  const snapshot = body as SnapshotView;
  const rows = [
    ['of', when(snapshot)],
    ['LUN', snapshot.lun],
    ['size', `${formatSize(snapshot.size)} (${snapshot.size} bytes)`],
    ['pool', snapshot.pool],
    ['state', snapshot.state],
    ...(snapshot.keptBy === undefined ? [] : [['made by', `a ${snapshot.keptBy} of the LUN`]]),
  ];
  session.output.print(table(['SNAPSHOT', snapshot.name], rows));
}

export async function remove(session: Session, name: string, { wait }: { wait: boolean }): Promise<void> {
  const client = await session.client();
  const { output, json } = session;
  const { body } = await client.ask({ method: 'DELETE', path: snapshotAt(name) });
  const operation = (body as { operation: OperationView } | undefined)?.operation;
  if (operation === undefined) {
    if (!json) output.print(`There is no snapshot ${name}; nothing to do.`);
    return;
  }
  await follow(session, operation, {
    wait,
    during: `deleting the snapshot ${name} (operation ${operation.id})`,
    after: `The snapshot ${name} is deleted.`,
  });
}
