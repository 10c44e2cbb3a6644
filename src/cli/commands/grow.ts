import { formatSize, parseSize } from '../../api/schemas/size.ts';
import type { AfterGrow, LunView, OperationView } from '../../model/index.ts';
import type { Client } from '../client.ts';
import { CliFailure } from '../failures.ts';
import { printJson, type Output } from '../output.ts';
import type { Session } from '../program.ts';
import { begunNote, untilEnd } from '../wait.ts';

interface Begun {
  readonly lun: LunView;
  readonly operation?: OperationView;
  readonly afterGrow: AfterGrow;
}

const lunAt = (name: string): string => `/luns/${encodeURIComponent(name)}`;

const read = async (client: Client, name: string): Promise<LunView> =>
  (await client.ask({ method: 'GET', path: lunAt(name) })).body as LunView;

/** `+10G` is more than it has now. The API is asked for the whole size, so that the request may be repeated. */
async function wholeSize(client: Client, name: string, size: string): Promise<number | string> {
  const more = /^\+(.*)$/.exec(size.trim())?.[1];
  if (more === undefined) return size;
  const parsed = parseSize(more);
  if (!parsed.ok) throw new CliFailure(parsed.failure.code, parsed.failure.message);
  return (await read(client, name)).size + parsed.value;
}

export async function grow(
  session: Session,
  name: string,
  size: string,
  options: { wait: boolean },
): Promise<void> {
  const client = await session.client();
  const body = { size: await wholeSize(client, name, size) };
  const begun = (await client.ask({ method: 'PATCH', path: lunAt(name), body })).body as Begun;
  const { operation, afterGrow } = begun;
  if (operation === undefined || !options.wait || operation.state !== 'running') {
    if (session.json) printJson(session.output, begun);
    else if (operation?.state === 'running') session.output.print(begunNote(operation));
    else tellGrown(session.output, begun.lun, afterGrow);
    return;
  }
  session.output.tell(
    `extending the LUN ${name} to ${formatSize(begun.lun.growingTo ?? begun.lun.size)} (operation ${operation.id})`,
  );
  const ended = await untilEnd(client, operation, session.output);
  const lun = await read(client, name);
  if (session.json) printJson(session.output, { lun, operation: ended, afterGrow });
  else tellGrown(session.output, lun, afterGrow);
}

function tellGrown(output: Output, { name, size }: LunView, { linux, windows, esxi }: AfterGrow): void {
  output.print(`The LUN ${name} has ${formatSize(size)} (${size} bytes).`);
  output.print('Its hosts see that when they are told to look, and then extend what lies on it:');
  output.print(
    [
      ...linux.map((line) => `  Linux:    ${line}`),
      ...windows.map((line) => `  Windows:  ${line}`),
      ...esxi.map((line) => `  ESXi:     ${line}`),
    ].join('\n'),
  );
}
