import type { OperationView } from '../../model/index.ts';
import { printJson } from '../output.ts';
import type { Session } from '../program.ts';
import { untilEnd } from '../wait.ts';

/** Throws the failure of the operation. */
export async function powerOn(
  session: Session,
  name: string,
  { wait }: { readonly wait: boolean },
): Promise<void> {
  const client = await session.client();
  const path = `/nodes/${encodeURIComponent(name)}/power-on`;
  const { operation: begun } = (await client.ask({ method: 'POST', path })).body as {
    readonly operation: OperationView;
  };
  if (wait) session.output.tell(`switching ${name} on (operation ${begun.id})`);
  const operation = wait ? await untilEnd(client, begun, session.output) : begun;
  if (session.json) printJson(session.output, { operation });
  else
    session.output.print(
      operation.state === 'running'
        ? `Begun. See \`keelson operation show ${operation.id}\`.`
        : `${name} is switched on; it joins when it has started (\`keelson node list\`).`,
    );
}
