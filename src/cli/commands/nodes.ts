import type { NodeView } from '../../model/index.ts';
import { nodeState } from '../node-state.ts';
import { printJson, printable, table } from '../output.ts';
import type { Session } from '../program.ts';

export async function list(session: Session): Promise<void> {
  const client = await session.client();
  const { body } = await client.ask({ method: 'GET', path: '/nodes' });
  if (session.json) {
    printJson(session.output, body);
    return;
  }
  for (const node of body as readonly NodeView[]) {
    session.output.print(`${node.name}: ${nodeState(node)}${node.isController ? ', controller' : ''}`);
    if (node.fencing !== undefined)
      session.output.print(`  fencing ${node.fencing.state}: ${printable(node.fencing.reason)}`);
    const rows = node.instances.map((instance) => [
      `  ${instance.resource}`,
      instance.unmanaged === true ? `${instance.state}, unmanaged` : instance.state,
      Object.entries(instance.facts)
        .map(([name, value]) => `${name}=${printable(String(value))}`)
        .join(' '),
      instance.failure === undefined ? '' : printable(instance.failure.message),
    ]);
    if (rows.length > 0) session.output.print(table(['  RESOURCE', 'STATE', 'FACTS', 'FAILURE'], rows));
  }
}

/** Asks something of a node, and says what it is then asked to be. */
export async function set(session: Session, name: string, wish: object): Promise<void> {
  const client = await session.client();
  const path = `/nodes/${encodeURIComponent(name)}`;
  const { body } = await client.ask({ method: 'PATCH', path, body: wish });
  if (session.json) {
    printJson(session.output, body);
    return;
  }
  session.output.print(`${name}: ${nodeState(body as NodeView)}`);
}
