import { printJson } from '../output.ts';
import type { Session } from '../program.ts';
import type { StatusView } from '../../model/index.ts';
import { renderStatus } from '../render-status.ts';

export async function status(session: Session): Promise<void> {
  const client = await session.client();
  const { body } = await client.ask({ method: 'GET', path: '/status' });
  if (session.json) {
    printJson(session.output, body);
    return;
  }
  session.output.print(renderStatus(body as StatusView, process.stdout.rows));
}
