import type { SessionsView } from '../../model/index.ts';
import { printJson, table } from '../output.ts';
import type { Session } from '../program.ts';

/** For the address of what may disturb somebody. */
export const forced = ({ force }: { readonly force?: boolean }): string =>
  force === true ? '?force=true' : '';

const sessionsAt = (about: { readonly lun?: string; readonly host?: string }): string => {
  const query = new URLSearchParams(about).toString();
  return `/sessions${query === '' ? '' : `?${query}`}`;
};

export async function sessions(session: Session, host: string | undefined): Promise<void> {
  const client = await session.client();
  const { body } = await client.ask({
    method: 'GET',
    path: sessionsAt(host === undefined ? {} : { host }),
  });
  if (session.json) printJson(session.output, body);
  else print(session, body as SessionsView);
}

/** Below what else is shown of a LUN or a host. */
export async function showSessions(
  session: Session,
  about: { readonly lun?: string; readonly host?: string },
): Promise<void> {
  const client = await session.client();
  session.output.print('');
  print(session, (await client.ask({ method: 'GET', path: sessionsAt(about) })).body as SessionsView);
}

function print({ output }: Session, { sessions: found, unseen }: SessionsView): void {
  const rows = found.map(({ host, initiator, address, portal, target, node }) => [
    host ?? '-',
    initiator ?? '-',
    address ?? '-',
    portal ?? '-',
    target,
    node,
  ]);
  output.print(
    rows.length === 0
      ? 'Nobody is connected.'
      : table(['HOST', 'INITIATOR', 'FROM', 'THROUGH', 'TARGET', 'NODE'], rows),
  );
  for (const { target, node } of unseen)
    output.print(`${node} could not be asked about the target ${target}: what is shown of it is old.`);
}
