import type { OperationView } from '../../model/index.ts';
import { usage } from '../failures.ts';
import type { Session } from '../program.ts';
import { follow } from '../wait.ts';

export interface ReplaceOptions {
  readonly disk?: readonly string[];
  readonly machine?: boolean;
  readonly overwrite?: readonly string[];
  readonly force?: boolean;
  readonly wait: boolean;
}

/** Throws the failure of the operation. */
export async function replace(session: Session, name: string, options: ReplaceOptions): Promise<void> {
  const { overwrite, force, wait } = options;
  // Without a disk, it is the machine that is another one.
  const machine = options.disk === undefined || options.machine === true ? true : undefined;
  const body = { machine, ...(options.disk && disksOf(options.disk)), overwrite, force };
  const client = await session.client();
  const path = `/nodes/${encodeURIComponent(name)}/replace`;
  const { operation: begun } = (await client.ask({ method: 'POST', path, body })).body as {
    readonly operation: OperationView;
  };
  const test = machine === true ? ` Its fencing is to be tested: keelson fence test ${name}` : '';
  await follow(session, begun, {
    wait,
    during: `replacing the ${machine === true ? 'machine' : 'disk'} of ${name} (operation ${begun.id}); it goes on if you end this command, and the same command follows it again`,
    after: `The new disk of ${name} is filled: both nodes have all the data.${test}`,
  });
}

/** A path alone, where the node has one pool; `POOL=PATH` for each where it has several. */
function disksOf(given: readonly string[]): {
  readonly disk?: string;
  readonly disks?: Readonly<Record<string, string>>;
} {
  const [first = ''] = given;
  if (given.length === 1 && first.startsWith('/')) return { disk: first };
  const pairs = given.map((text): [string, string] => {
    const [pool = '', ...path] = text.split('=');
    if (pool === '' || pool.startsWith('/') || path.length === 0)
      throw usage(`--disk ${text}: give POOL=PATH for each where a node has several pools`);
    return [pool, path.join('=')];
  });
  return { disks: Object.fromEntries(pairs) };
}
