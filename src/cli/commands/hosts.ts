import type { HostView, LunView } from '../../model/index.ts';
import { usage } from '../failures.ts';
import { printJson, table } from '../output.ts';
import type { Session } from '../program.ts';
import { readSecret } from '../secret.ts';
import { forced, showSessions } from './sessions.ts';

interface ChapOptions {
  readonly chapUser?: string;
  readonly chapSecretFile?: string;
  readonly mutualChapUser?: string;
  readonly mutualChapSecretFile?: string;
}

export interface CreateOptions extends ChapOptions {
  readonly initiator: readonly string[];
}

/** `--no-chap` gives `chap: false`; where it is absent, commander says `true`. */
export interface SetOptions extends ChapOptions {
  readonly initiator?: readonly string[];
  readonly chap: boolean;
  readonly mutualChap: boolean;
  readonly force?: boolean;
}

const hostAt = (name: string): string => `/hosts/${encodeURIComponent(name)}`;
const mappingAt = (lun: string, host: string): string =>
  `/luns/${encodeURIComponent(lun)}/hosts/${encodeURIComponent(host)}`;

export async function create(session: Session, name: string, options: CreateOptions): Promise<void> {
  const body = { name, initiators: options.initiator, ...(await credentialsOf(session, options)) };
  const client = await session.client();
  tell(session, (await client.ask({ method: 'POST', path: '/hosts', body })).body as HostView);
}

export async function set(session: Session, name: string, options: SetOptions): Promise<void> {
  if (!options.chap && options.chapSecretFile !== undefined)
    throw usage('--no-chap and --chap-secret-file contradict each other');
  if (!options.mutualChap && options.mutualChapSecretFile !== undefined)
    throw usage('--no-mutual-chap and --mutual-chap-secret-file contradict each other');
  const body = {
    ...(options.initiator && { initiators: options.initiator }),
    ...(options.chap ? {} : { chap: null }),
    // Without the one there is not the other.
    ...(options.chap && options.mutualChap ? {} : { mutualChap: null }),
    ...(await credentialsOf(session, options)),
  };
  if (Object.keys(body).length === 0)
    throw usage('nothing to change was named; see `keelson host set --help`');
  const client = await session.client();
  tell(
    session,
    (await client.ask({ method: 'PATCH', path: hostAt(name) + forced(options), body })).body as HostView,
  );
}

async function credentialsOf(session: Session, options: ChapOptions): Promise<object> {
  const { chapUser, chapSecretFile, mutualChapUser, mutualChapSecretFile } = options;
  if (chapSecretFile === '-' && mutualChapSecretFile === '-')
    throw usage('only one of the secrets can come from standard input');
  for (const [user, file, name] of [
    [chapUser, chapSecretFile, 'chap'],
    [mutualChapUser, mutualChapSecretFile, 'mutual-chap'],
  ])
    if (user !== undefined && file === undefined)
      throw usage(`--${name ?? ''}-user needs its secret: give --${name ?? ''}-secret-file FILE`);
  const secret = (file: string, whose: string) =>
    readSecret(file, `the secret of the ${whose}`, session.output);
  return {
    ...(chapSecretFile !== undefined && {
      chap: { username: chapUser, secret: await secret(chapSecretFile, 'host') },
    }),
    ...(mutualChapSecretFile !== undefined && {
      mutualChap: { username: mutualChapUser, secret: await secret(mutualChapSecretFile, 'target') },
    }),
  };
}

export interface ListOptions {
  readonly name?: string;
  readonly initiator?: string;
  readonly lun?: string;
  readonly loggedIn?: boolean;
}

export async function list(session: Session, asked: ListOptions): Promise<void> {
  const { name, initiator, lun, loggedIn } = asked;
  const client = await session.client();
  const hosts = await client.all<HostView>('/hosts', {
    name,
    initiator,
    lun,
    loggedIn: loggedIn?.toString(),
  });
  if (session.json) {
    printJson(session.output, hosts);
    return;
  }
  const rows = hosts.map((host) => [
    host.name,
    host.initiators.join(','),
    chapOf(host),
    host.loggedIn.length === 0 ? 'no' : 'yes',
    host.luns.map((lun) => (lun.readOnly ? `${lun.name} (read-only)` : lun.name)).join(','),
  ]);
  session.output.print(table(['HOST', 'INITIATORS', 'CHAP', 'LOGGED IN', 'LUNS'], rows));
}

const chapOf = ({ chap, mutualChap }: HostView): string =>
  mutualChap !== undefined ? 'mutual' : chap !== undefined ? 'one-way' : 'none';

export async function show(session: Session, name: string): Promise<void> {
  const client = await session.client();
  tell(session, (await client.ask({ method: 'GET', path: hostAt(name) })).body as HostView);
  if (!session.json) await showSessions(session, { host: name });
}

export async function remove(session: Session, name: string, options: { force?: boolean }): Promise<void> {
  const client = await session.client();
  await client.ask({ method: 'DELETE', path: hostAt(name) + forced(options) });
  if (!session.json) session.output.print(`There is no host ${name} any more.`);
}

export async function map(session: Session, lun: string, host: string, readOnly: boolean): Promise<void> {
  const client = await session.client();
  const { body } = await client.ask({ method: 'PUT', path: mappingAt(lun, host), body: { readOnly } });
  if (session.json) printJson(session.output, body);
  else {
    const { number } = body as LunView;
    const access = readOnly ? ' to read only' : '';
    session.output.print(
      `The LUN ${lun} is for ${host}${access}, as number ${number}; have the host rescan.`,
    );
  }
}

export async function unmap(
  session: Session,
  lun: string,
  host: string,
  options: { force?: boolean },
): Promise<void> {
  const client = await session.client();
  const { body } = await client.ask({ method: 'DELETE', path: mappingAt(lun, host) + forced(options) });
  if (session.json && body !== undefined) printJson(session.output, body);
  else if (!session.json) session.output.print(`The LUN ${lun} is not for ${host} any more.`);
}

function tell(session: Session, host: HostView): void {
  if (session.json) {
    printJson(session.output, host);
    return;
  }
  const user = (credentials: HostView['chap']): string =>
    credentials === undefined ? '-' : `as ${credentials.username}`;
  session.output.print(
    table(
      ['HOST', host.name],
      [
        ...host.initiators.map((name, index) => [
          index === 0 ? 'initiators' : '',
          host.loggedIn.includes(name) ? `${name} (logged in)` : name,
        ]),
        ['proves itself', user(host.chap)],
        ['target proves itself', user(host.mutualChap)],
        ...host.luns.map((lun, index) => [
          index === 0 ? 'LUNs' : '',
          `${lun.name}, number ${lun.number}${lun.readOnly ? ', read-only' : ''}`,
        ]),
      ],
    ),
  );
}
