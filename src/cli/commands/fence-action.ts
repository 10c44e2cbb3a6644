import { fenceActions, type FenceAction, type NodeView } from '../../model/index.ts';
import { usage } from '../failures.ts';
import { printJson } from '../output.ts';
import type { Session } from '../program.ts';

const words: Readonly<Record<FenceAction, string>> = {
  reboot: 'its power comes back when it was fenced',
  off: 'it stays off when it was fenced, until `keelson node power-on`',
};

/** Asks for it of the whole cluster, or of one node. */
export async function action(session: Session, given: string, node: string | undefined): Promise<void> {
  const fenceAction = actionOf(given, node !== undefined);
  const client = await session.client();
  const path = node === undefined ? '/cluster' : `/nodes/${encodeURIComponent(node)}`;
  const { body } = await client.ask({ method: 'PATCH', path, body: { fenceAction } });
  if (session.json) {
    printJson(session.output, body);
    return;
  }
  const now = (body as Pick<NodeView, 'fenceAction'>).fenceAction ?? 'reboot';
  session.output.print(`${node ?? 'A node that is not asked otherwise'}: ${words[now]}.`);
}

/** Null: what the cluster is asked. */
function actionOf(text: string, isOfNode: boolean): FenceAction | null {
  const found = fenceActions.find((one) => one === text);
  if (found !== undefined) return found;
  if (text === 'default' && isOfNode) return null;
  throw usage(`give reboot or off${isOfNode ? ', or default' : ''}, not ${text}`);
}
