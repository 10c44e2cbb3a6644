import type { EventRecord } from '../../model/index.ts';
import type { Client } from '../client.ts';
import { CliFailure, usage } from '../failures.ts';
import { printable } from '../output.ts';
import type { Session } from '../program.ts';

/** What the node remembers, as far as it is sent within a moment. */
export async function rememberedEvents(client: Client): Promise<readonly EventRecord[]> {
  const enough = new AbortController();
  const records: EventRecord[] = [];
  let soon: NodeJS.Timeout | undefined;
  for await (const received of read(client, '0', enough.signal)) {
    clearTimeout(soon);
    soon = setTimeout(() => enough.abort(), quiet);
    if (received !== 'connected') records.push(received);
  }
  return records;
}

/** Without --follow: what the node remembers is sent at once; a pause this long (ms) means that this was all. */
const quiet = 1000;

export async function events(session: Session, options: { follow?: boolean; after: string }): Promise<void> {
  if (!/^\d{1,15}$/.test(options.after)) throw usage(`--after must be a number, not ${options.after}`);
  const client = await session.client();
  const enough = new AbortController();
  let soon: NodeJS.Timeout | undefined;
  for await (const received of read(client, options.after, enough.signal)) {
    // The pause counts from the moment the stream stands, since connecting alone may take longer.
    clearTimeout(soon);
    if (options.follow !== true) soon = setTimeout(() => enough.abort(), quiet);
    if (received === 'connected') continue;
    session.output.print(session.json ? JSON.stringify(received) : lineOf(received));
  }
  if (options.follow === true) throw new CliFailure('not_reachable', 'the node has ended the stream');
}

/** Server-sent events, as far as our API sends them: blocks of lines, each with one line of data. */
async function* read(
  client: Client,
  after: string,
  enough: AbortSignal,
): AsyncGenerator<EventRecord | 'connected'> {
  let held = '';
  for await (const chunk of client.stream(`/events?after=${after}`, enough)) {
    const blocks = (held + chunk).split('\n\n');
    held = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = block.split('\n').find((line) => line.startsWith('data: '));
      yield data === undefined ? 'connected' : (JSON.parse(data.slice('data: '.length)) as EventRecord);
    }
  }
}

const lineOf = (event: EventRecord): string =>
  [
    event.sequence,
    new Date(event.at).toISOString(),
    event.kind,
    event.node,
    event.subject,
    printable(event.message),
  ]
    .filter((part) => part !== undefined)
    .join('  ');
