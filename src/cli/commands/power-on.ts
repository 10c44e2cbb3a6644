import type { OperationView } from '../../model/index.ts';
import type { Session } from '../program.ts';
import { follow } from '../wait.ts';

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
  await follow(session, begun, {
    wait,
    during: `switching ${name} on (operation ${begun.id})`,
    after: `${name} is switched on; it joins when it has started (\`keelson node list\`).`,
  });
}
