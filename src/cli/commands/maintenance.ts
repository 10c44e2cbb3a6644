import { switchOf } from '../switch.ts';
import { printJson } from '../output.ts';
import type { Session } from '../program.ts';

export async function maintenance(session: Session, text: string): Promise<void> {
  const wanted = switchOf(text, 'maintenance');
  const client = await session.client();
  const { body } = await client.ask({ method: 'PATCH', path: '/cluster', body: { maintenance: wanted } });
  if (session.json) {
    printJson(session.output, body);
    return;
  }
  session.output.print(
    wanted
      ? 'The cluster is in maintenance: nothing is watched, mended or moved.'
      : 'The cluster is at work again; it looks at everything first.',
  );
}
