import { appendFileSync, existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonical } from '../../../src/engine/index.ts';
import type { ClusterConfig } from '../../../src/model/index.ts';
import { createFileStore } from '../../../src/platform/store/index.ts';
import { digest } from '../../../src/platform/world.ts';
import type { ClusterNode } from '../nodes.ts';
import { SYSTEMCTL } from '../systemctl.ts';
import { journalOf, poolOf, powerOf, RESOURCES, type Place } from './place.ts';

/** At every boot: a boot id of its own, and programs that must not reach the machine underneath. */
export const BOOT = `mkdir -p /run/keelson /run/keelson-test
cat /proc/sys/kernel/random/uuid >/run/keelson-test/boot-id
mount --bind /run/keelson-test/boot-id /proc/sys/kernel/random/boot_id
mount --bind "$folder/systemctl" /usr/bin/systemctl
if [ -e /usr/sbin/modprobe ]; then mount --bind /bin/false /usr/sbin/modprobe; fi
`;

export const stateFolder = (folder: string): string => join(folder, 'state');
export const socketOf = (folder: string): string => join(folder, 'engine.sock');
export const keelsondLog = (folder: string): string => join(folder, 'keelsond.log');
const agentHostOf = (folder: string): string => join(folder, 'agent-host.mjs');

/** What forming the cluster would leave on the node's disk. `shared`: the harness's own folder. */
export async function installNode(
  folder: string,
  shared: string,
  config: ClusterConfig,
  node: string,
  agents = join(import.meta.dirname, 'serve-agents.ts'),
): Promise<void> {
  await Promise.all(['state', 'etc-keelson'].map((part) => mkdir(join(folder, part), { recursive: true })));
  await mkdir(poolOf(shared), { recursive: true });
  await writeFile(join(folder, 'systemctl'), SYSTEMCTL, { mode: 0o755 });
  const place: Place = {
    node,
    resources: RESOURCES,
    journal: journalOf(folder),
    pool: poolOf(shared),
    power: powerOf(shared),
  };
  await writeFile(
    agentHostOf(folder),
    `import { serveAgents } from ${JSON.stringify(agents)};\nserveAgents(${JSON.stringify(place)});\n`,
  );
  const text = canonical(config);
  const stored = await createFileStore(join(stateFolder(folder), 'config')).replace({
    revision: config.revision,
    hash: digest(text),
    config: text,
  });
  if (!stored.ok) throw new Error(stored.failure.message);
  await writeFile(join(stateFolder(folder), 'node'), node);
}

/** The folder goes away at the end of a test, and what is said after that is of no interest. */
export function noteInLog(folder: string, text: string | Buffer): void {
  if (existsSync(folder)) appendFileSync(keelsondLog(folder), text);
}

const ROOT = join(import.meta.dirname, '../../..');
/** As in systemd/keelsond.service. */
const PRIORITY = ['nice', '-n', '-15'];

/** The real keelsond on a node, as systemd would start it. Its log is on the node's disk. */
export async function spawnKeelsond(machine: ClusterNode, shared: string) {
  const { folder } = machine;
  const engine = await machine.spawn(
    [...PRIORITY, join(ROOT, 'node_modules/.bin/node'), join(ROOT, 'src/daemon/keelsond.ts')],
    {
      environment: {
        KEELSON_STATE: stateFolder(folder),
        KEELSON_ETC: join(folder, 'etc-keelson'),
        KEELSON_COROSYNC: '/etc/corosync',
        KEELSON_SOCKET: socketOf(folder),
        KEELSON_AGENT_HOST: agentHostOf(folder),
        NODE_COMPILE_CACHE: join(shared, 'compile-cache'),
      },
    },
  );
  const note = (data: Buffer): void => noteInLog(folder, data);
  engine.stdout.on('data', note);
  engine.stderr.on('data', note);
  return engine;
}
