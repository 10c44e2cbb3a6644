import { formatSize } from '../../api/schemas/size.ts';
import type { LunView, OperationView } from '../../model/index.ts';
import { lunTable } from '../lun-table.ts';
import { printJson, table, type Output } from '../output.ts';
import type { Session } from '../program.ts';
import { untilEnd } from '../wait.ts';

interface Begun {
  readonly lun: LunView;
  readonly operation: OperationView;
}

const lunAt = (name: string): string => `/luns/${encodeURIComponent(name)}`;

export interface CreateOptions {
  readonly size: string;
  readonly pool?: string;
  readonly host?: readonly string[];
  readonly readOnlyHost?: readonly string[];
  readonly wait: boolean;
}

export async function create(session: Session, name: string, options: CreateOptions): Promise<void> {
  const client = await session.client();
  const { size, pool, host, readOnlyHost } = options;
  const named = [...(host ?? []), ...(readOnlyHost ?? [])];
  const hosts = named.length === 0 ? undefined : [...new Set(named)];
  const body = { name, size, pool, hosts, readOnlyHosts: readOnlyHost };
  const answer = await client.ask({ method: 'POST', path: '/luns', body });
  const begun = answer.body as Begun;
  if (!options.wait || begun.operation.state !== 'running') {
    if (session.json) {
      printJson(session.output, begun);
      return;
    }
    if (begun.operation.state === 'running') tellBegun(session.output, begun.operation);
    else session.output.print(`The LUN ${name} is there already, with these parameters.`);
    return;
  }
  session.output.tell(`making the LUN ${name} (operation ${begun.operation.id})`);
  const operation = await untilEnd(client, begun.operation, session.output);
  const lun = (await client.ask({ method: 'GET', path: lunAt(name) })).body as LunView;
  if (session.json) {
    printJson(session.output, { lun, operation });
    return;
  }
  session.output.print(`The LUN ${name} is ready.`);
  session.output.print(details(lun));
}

export async function list(session: Session): Promise<void> {
  const client = await session.client();
  const { body } = await client.ask({ method: 'GET', path: '/luns' });
  if (session.json) {
    printJson(session.output, body);
    return;
  }
  session.output.print(lunTable(body as readonly LunView[]));
}

export async function show(session: Session, name: string): Promise<void> {
  const client = await session.client();
  const { body } = await client.ask({ method: 'GET', path: lunAt(name) });
  if (session.json) {
    printJson(session.output, body);
    return;
  }
  session.output.print(details(body as LunView));
}

export async function remove(session: Session, name: string, options: { wait: boolean }): Promise<void> {
  const client = await session.client();
  const { body } = await client.ask({ method: 'DELETE', path: lunAt(name) });
  const begun = (body as { operation: OperationView } | undefined)?.operation;
  if (begun === undefined) {
    if (!session.json) session.output.print(`There is no LUN ${name}; nothing to do.`);
    return;
  }
  if (!options.wait) {
    if (session.json) printJson(session.output, body);
    else tellBegun(session.output, begun);
    return;
  }
  session.output.tell(`deleting the LUN ${name} (operation ${begun.id})`);
  const operation = await untilEnd(client, begun, session.output);
  if (session.json) {
    printJson(session.output, { operation });
    return;
  }
  session.output.print(`The LUN ${name} is deleted.`);
}

const tellBegun = (output: Output, { id }: OperationView): void =>
  output.print(`Begun. See \`keelson operation show ${id}\`.`);

const hostsOf = ({ hosts, readOnlyHosts = [] }: LunView): readonly string[] =>
  hosts.map((host) => (readOnlyHosts.includes(host) ? `${host} (read-only)` : host));

const details = (lun: LunView): string =>
  table(
    ['LUN', lun.name],
    [
      ['size', `${formatSize(lun.size)} (${lun.size} bytes)`],
      ['pool', lun.pool],
      ['state', lun.state],
      ['served by', lun.servedBy ?? '-'],
      ['hosts', hostsOf(lun).join(', ') || '-'],
      ['target', lun.iqn],
      ['portals', lun.portals.join(', ')],
      ['number', String(lun.number)],
      ['serial', lun.serial],
      ['wwid', lun.wwid],
    ],
  );
