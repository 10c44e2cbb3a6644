import type { ReplyOf } from '../../model/index.ts';
import { printJson } from '../output.ts';
import type { Session } from '../program.ts';

/** On the node that is to be found. */
export async function joinCode(session: Session, { address }: { address?: string }): Promise<void> {
  const client = await session.client();
  const body = address === undefined ? {} : { address };
  const answer = await client.ask({ method: 'POST', path: '/cluster/join-code', body });
  if (session.json) {
    printJson(session.output, answer.body);
    return;
  }
  const shown = answer.body as ReplyOf<'cluster.join-code'>;
  session.output.tell(`${shown.node} is found at ${shown.address} (another address: --address ADDRESS).`);
  session.output.tell('On the other node, type `keelson setup` and give it this code, valid for 24 hours:');
  session.output.print(shown.code);
}
