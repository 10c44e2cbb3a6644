import { formatSize } from '../../api/schemas/size.ts';
import type { LunView, OperationView } from '../../model/index.ts';
import { lunTable } from '../lun-table.ts';
import { printJson, table } from '../output.ts';
import type { Session } from '../program.ts';
import { begunNote, follow, untilEnd } from '../wait.ts';
import { showSessions } from './sessions.ts';

interface Begun {
  readonly lun: LunView;
  /** Absent: it was made long ago. */
  readonly operation?: OperationView;
}

const lunAt = (name: string): string => `/luns/${encodeURIComponent(name)}`;

export interface CreateOptions {
  readonly size: string;
  readonly thin?: boolean;
  readonly pool?: string;
  readonly target?: string;
  readonly host?: readonly string[];
  readonly readOnlyHost?: readonly string[];
  readonly wait: boolean;
}

export async function create(session: Session, name: string, options: CreateOptions): Promise<void> {
  const { size, thin, pool, target, host, readOnlyHost } = options;
  const named = [...(host ?? []), ...(readOnlyHost ?? [])];
  const hosts = named.length === 0 ? undefined : [...new Set(named)];
  const body = { name, size, thin, pool, target, hosts, readOnlyHosts: readOnlyHost };
  await followCreation(session, '/luns', body, options.wait);
}

/** Asks for a LUN, new or of another one, and follows it until it is served. */
export async function followCreation(
  session: Session,
  path: string,
  body: { readonly name: string },
  wait: boolean,
): Promise<void> {
  const { name } = body;
  const client = await session.client();
  const answer = await client.ask({ method: 'POST', path, body });
  const begun = answer.body as Begun;
  const running = begun.operation?.state === 'running' ? begun.operation : undefined;
  if (!wait || running === undefined) {
    if (session.json) {
      printJson(session.output, begun);
      return;
    }
    if (running !== undefined) session.output.print(begunNote(running));
    else session.output.print(`The LUN ${name} is there already, with these parameters.`);
    return;
  }
  session.output.tell(`making the LUN ${name} (operation ${running.id})`);
  const operation = await untilEnd(client, running, session.output);
  const lun = (await client.ask({ method: 'GET', path: lunAt(name) })).body as LunView;
  if (session.json) {
    printJson(session.output, { lun, operation });
    return;
  }
  session.output.print(`The LUN ${name} is ready.`);
  session.output.print(details(lun));
}

export interface ListOptions {
  readonly name?: string;
  readonly pool?: string;
  readonly target?: string;
  readonly host?: string;
  readonly state?: string;
  readonly servedBy?: string;
}

export async function list(session: Session, asked: ListOptions): Promise<void> {
  const { name, pool, target, host, state, servedBy } = asked;
  const client = await session.client();
  const luns = await client.all<LunView>('/luns', { name, pool, target, host, state, servedBy });
  if (session.json) printJson(session.output, luns);
  else session.output.print(lunTable(luns));
}

export async function show(session: Session, name: string): Promise<void> {
  const client = await session.client();
  const { body } = await client.ask({ method: 'GET', path: lunAt(name) });
  if (session.json) {
    printJson(session.output, body);
    return;
  }
  session.output.print(details(body as LunView));
  await showSessions(session, { lun: name });
}

export interface RemoveOptions {
  readonly wait: boolean;
  readonly force?: boolean;
  readonly withSnapshots?: boolean;
}

export async function remove(session: Session, name: string, options: RemoveOptions): Promise<void> {
  const client = await session.client();
  const flags = new URLSearchParams({
    ...(options.force === true && { force: 'true' }),
    ...(options.withSnapshots === true && { snapshots: 'true' }),
  }).toString();
  const path = flags === '' ? lunAt(name) : `${lunAt(name)}?${flags}`;
  const { body } = await client.ask({ method: 'DELETE', path });
  const begun = (body as { operation: OperationView } | undefined)?.operation;
  if (begun === undefined) {
    if (!session.json) session.output.print(`There is no LUN ${name}; nothing to do.`);
    return;
  }
  await follow(session, begun, {
    wait: options.wait,
    during: `deleting the LUN ${name} (operation ${begun.id})`,
    after: `The LUN ${name} is deleted.`,
  });
}

const hostsOf = ({ hosts, readOnlyHosts = [] }: LunView): readonly string[] =>
  hosts.map((host) => (readOnlyHosts.includes(host) ? `${host} (read-only)` : host));

const details = (lun: LunView): string =>
  table(
    ['LUN', lun.name],
    [
      ['size', `${formatSize(lun.size)} (${lun.size} bytes)`],
      ...(lun.growingTo === undefined ? [] : [['growing to', formatSize(lun.growingTo)]]),
      ['pool', lun.thin === true ? `${lun.pool}, thin` : lun.pool],
      ['state', lun.rollingBackTo === undefined ? lun.state : `rolling back to ${lun.rollingBackTo}`],
      ...(lun.snapshots === undefined ? [] : [['snapshots', String(lun.snapshots)]]),
      ...(lun.clonedFrom === undefined ? [] : [['cloned from', lun.clonedFrom]]),
      ['served by', lun.servedBy ?? '-'],
      ['hosts', hostsOf(lun).join(', ') || '-'],
      ['target', `${lun.target}, ${lun.iqn}`],
      ['portals', lun.portals.join(', ')],
      ['number', String(lun.number)],
      ['serial', lun.serial],
      ['wwid', lun.wwid],
    ],
  );
