import type {
  ConfigDifference,
  ConfigDifferences,
  ConfigHistory,
  ConfigLoss,
  ConfigRestored,
  ConfigView,
} from '../../model/index.ts';
import { usage } from '../failures.ts';
import { printJson, printable, table } from '../output.ts';
import type { Session } from '../program.ts';

const time = (at: number | undefined): string => (at === undefined ? '-' : new Date(at).toISOString());

function revisionOf(text: string): string {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw usage(`a revision is a whole number from 1, not ${text}`);
  return text;
}

export async function show(session: Session, revision: string | undefined): Promise<void> {
  const client = await session.client();
  const path = revision === undefined ? '/config' : `/config/revisions/${revisionOf(revision)}`;
  const { body } = await client.ask({ method: 'GET', path });
  if (session.json) {
    printJson(session.output, body);
    return;
  }
  const view = body as ConfigView;
  session.output.print(
    `Revision ${view.revision}${view.current ? ', the present one' : ''}; secrets are hidden.`,
  );
  printJson(session.output, view.config);
}

export async function history(session: Session, options: { limit: string }): Promise<void> {
  if (!/^[1-9]\d{0,4}$/.test(options.limit)) throw usage(`--limit must be a number, not ${options.limit}`);
  const client = await session.client();
  const { body } = await client.ask({ method: 'GET', path: `/config/history?limit=${options.limit}` });
  if (session.json) {
    printJson(session.output, body);
    return;
  }
  const { entries, more, damaged } = body as ConfigHistory;
  const rows = entries.map(({ revision, at, by, what, undone }) => [
    String(revision),
    time(at),
    by,
    `${printable(what)}${undone ? ' (undone)' : ''}`,
  ]);
  session.output.print(table(['REVISION', 'WHEN', 'WHO', 'WHAT'], rows));
  if (more)
    session.output.tell(`There is more: keelson config history --limit ${Number(options.limit) * 10}`);
  if (damaged) session.output.tell('A part of the history on this node is damaged and left out.');
}

export async function diff(session: Session, from: string, to: string | undefined): Promise<void> {
  const client = await session.client();
  const second = to === undefined ? '' : `&to=${revisionOf(to)}`;
  const { body } = await client.ask({
    method: 'GET',
    path: `/config/diff?from=${revisionOf(from)}${second}`,
  });
  if (session.json) {
    printJson(session.output, body);
    return;
  }
  const compared = body as ConfigDifferences;
  session.output.print(`From revision ${compared.from} to ${compared.to}:`);
  session.output.print(differenceLines(compared.differences));
}

export async function restore(
  session: Session,
  revision: string,
  options: { dryRun?: boolean; force?: boolean },
): Promise<void> {
  const client = await session.client();
  const { body } = await client.ask({
    method: 'POST',
    path: '/config/restore',
    body: { revision: Number(revisionOf(revision)), dryRun: options.dryRun, force: options.force },
  });
  if (session.json) {
    printJson(session.output, body);
    return;
  }
  printRestored(session, body as ConfigRestored);
}

/** What came back, and what did not. */
export function printRestored(
  session: Session,
  { restored, kept, dryRun, from, revision: now }: ConfigRestored,
): void {
  const nothing = `Nothing of revision ${from} is to be brought back.`;
  const done = dryRun
    ? `Of revision ${from} this would come back; nothing was changed:`
    : `Of revision ${from} this came back, as revision ${now}:`;
  session.output.print(restored.length === 0 ? nothing : `${done}\n${differenceLines(restored)}`);
  if (kept.length === 0) return;
  const left = kept.map(({ subject, reason }) => `  ${printable(subject)}: ${printable(reason)}`);
  session.output.print(`This stays as it is:\n${left.join('\n')}`);
}

export async function lost(session: Session, options: { clear?: boolean }): Promise<void> {
  const client = await session.client();
  if (options.clear === true) {
    const { body } = await client.ask({ method: 'DELETE', path: '/config/lost' });
    if (session.json) {
      printJson(session.output, body);
      return;
    }
    const { cleared } = body as { cleared: number };
    session.output.print(`${cleared} ${cleared === 1 ? 'record is' : 'records are'} removed.`);
    return;
  }
  const { body } = await client.ask({ method: 'GET', path: '/config/lost' });
  if (session.json) {
    printJson(session.output, body);
    return;
  }
  const losses = body as readonly ConfigLoss[];
  session.output.print(
    losses.length === 0 ? 'This node has lost nothing.' : losses.map(lossText).join('\n\n'),
  );
}

function lossText({ at, reason, before, after, changes, differences }: ConfigLoss): string {
  const rows = changes.map((change) => [
    `  ${change.revision}`,
    time(change.at),
    change.by,
    printable(change.what),
  ]);
  return [
    `${time(at)}: revision ${before} was replaced by ${after}: ${printable(reason)}`,
    ...(rows.length === 0 ? [] : ['Undone:', table(['  REVISION', 'WHEN', 'WHO', 'WHAT'], rows)]),
    ...(differences.length === 0 ? [] : ['What this made of it:', differenceLines(differences)]),
  ].join('\n');
}

const signs = { added: '+', removed: '-', changed: '~' } as const;

const differenceLines = (differences: readonly ConfigDifference[]): string =>
  differences.length === 0
    ? '  no difference'
    : differences
        .map(({ kind, path, before, after }) => {
          const values = [before, after].flatMap((value) => (value === undefined ? [] : [printable(value)]));
          return `  ${signs[kind]} ${printable(path)}: ${values.join(' -> ')}`;
        })
        .join('\n');
