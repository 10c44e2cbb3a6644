import type { OperationView } from '../../model/index.ts';
import { printJson, printable, table } from '../output.ts';
import type { Session } from '../program.ts';

const time = (at: number | undefined): string => (at === undefined ? '-' : new Date(at).toISOString());

export async function show(session: Session, id: string): Promise<void> {
  const client = await session.client();
  const { body } = await client.ask({ method: 'GET', path: `/operations/${encodeURIComponent(id)}` });
  if (session.json) {
    printJson(session.output, body);
    return;
  }
  const operation = body as OperationView;
  const { failure } = operation;
  session.output.print(
    table(
      ['operation', operation.id],
      [
        ['what', `${operation.kind} ${operation.subject}`],
        ['state', operation.state],
        ...(operation.progress === undefined ? [] : [['progress', printable(operation.progress)]]),
        ['begun', time(operation.createdAt)],
        ['ended', time(operation.finishedAt)],
        ...(failure === undefined ? [] : [['failure', `${failure.code}: ${printable(failure.message)}`]]),
      ],
    ),
  );
}

export async function cleanup(
  session: Session,
  resource: string | undefined,
  options: { node?: string },
): Promise<void> {
  const client = await session.client();
  const { body } = await client.ask({
    method: 'POST',
    path: '/cleanup',
    body: { resource, node: options.node },
  });
  if (session.json) {
    printJson(session.output, body);
    return;
  }
  const { cleared } = body as { cleared: number };
  session.output.print(
    `${cleared} ${cleared === 1 ? 'failure is' : 'failures are'} forgotten; looking again.`,
  );
}
