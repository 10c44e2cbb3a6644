import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ClusterNode } from './nodes.ts';

const ROOT = join(import.meta.dirname, '../..');
export const KEELSON_WITNESS = [
  join(ROOT, 'node_modules/.bin/node'),
  join(ROOT, 'src/witness/keelson-witness.ts'),
];

/** In place of systemd: corosync-qnetd as the user of its unit, who may read only what that user should. */
const SYSTEMCTL = `#!/bin/sh
case "$1" in
  start) corosync-qnetd-tool -s >/dev/null 2>&1 && exit 0 ;;
  restart) corosync-qnetd-tool -H >/dev/null 2>&1 ;;
  *) exit 0 ;;
esac
install -d -m 0770 -o coroqnetd -g coroqnetd /run/corosync-qnetd
setpriv --reuid coroqnetd --regid coroqnetd --clear-groups corosync-qnetd >/dev/null 2>&1
# Its unit is of type notify.
until corosync-qnetd-tool -s >/dev/null 2>&1; do sleep 0.1; done
`;

/** What such a machine finds on its disk; `systemctl` is to be bound over the real one at its boot. */
export async function installWitness({ folder }: Pick<ClusterNode, 'folder'>): Promise<void> {
  await mkdir(join(folder, 'etc/qnetd'), { recursive: true });
  await writeFile(join(folder, 'systemctl'), SYSTEMCTL, { mode: 0o755 });
}

interface Line {
  readonly state: string;
  readonly secret?: string;
  readonly cluster?: string;
}

/** `keelson-witness setup`, which has begun to wait for a cluster. */
export async function setUp(node: ClusterNode, ...options: readonly string[]) {
  const child = await node.spawn([...KEELSON_WITNESS, 'setup', '--json', ...options]);
  let told = '';
  child.stderr.on('data', (data: Buffer) => (told += data.toString()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Line> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`keelson-witness ended: ${told}`);
    return JSON.parse(value) as Line;
  };
  const { secret = '' } = await next();
  return { child, secret, next, told: () => told };
}
