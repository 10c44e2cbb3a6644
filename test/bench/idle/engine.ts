import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { canonical } from '../../../src/engine/index.ts';
import { seconds, type ClusterConfig, type StatusView } from '../../../src/model/index.ts';
import { createEngineGateway } from '../../../src/platform/socket/gateway.ts';
import { createFileStore } from '../../../src/platform/store/index.ts';
import { digest } from '../../../src/platform/world.ts';
import type { ClusterNode } from '../../cluster/nodes.ts';
import { readCost, type Cost } from './cost.ts';

/** keelsond as a process of its own on a node. */
export interface RunningEngine {
  readonly node: ClusterNode;
  /** undefined as long as it does not answer; throws where it has ended. */
  status(): Promise<StatusView | undefined>;
  /** What it has cost since its start. */
  cost(): Promise<Cost>;
  /** What it said last, for the message where something went wrong. */
  readonly log: readonly string[];
}

export interface Programs {
  readonly keelsond: string;
  readonly agentHost: string;
  /** Node's, as the unit gives them. */
  readonly options: readonly string[];
}

/** What would reach out of the namespace is nothing there: this machine's kernel and its systemd stay untouched. */
const START = `for program in /sbin/modprobe /bin/systemctl; do
  [ ! -e "$program" ] || mount --bind /bin/false "$(readlink -f "$program")"
done
echo $$ >"$KEELSON_STATE/pid"
exec "$@"`;

/** Log lines that are kept. */
const KEPT = 200;

/** Starts keelsond as a member of this cluster, as after a boot. */
export async function startEngine(
  node: ClusterNode,
  config: ClusterConfig,
  programs: Programs,
): Promise<RunningEngine> {
  const state = join(node.folder, 'state');
  const etc = join(node.folder, 'keelson');
  const socket = join(node.folder, 'engine.sock');
  await mkdir(state, { recursive: true });
  await mkdir(etc, { recursive: true });
  const written = canonical(config);
  const store = createFileStore(join(state, 'config'));
  const stored = await store.replace({ revision: config.revision, hash: digest(written), config: written });
  if (!stored.ok) throw new Error(stored.failure.message);
  await writeFile(join(state, 'node'), node.name);
  const child = await node.spawn(
    ['sh', '-ec', START, 'sh', process.execPath, ...programs.options, programs.keelsond],
    {
      environment: {
        KEELSON_STATE: state,
        KEELSON_ETC: etc,
        KEELSON_SOCKET: socket,
        KEELSON_AGENT_HOST: programs.agentHost,
        KEELSON_SYNCHRONISED: join(state, 'synchronised'),
      },
    },
  );
  const log: string[] = [];
  let hasEnded = false;
  void child.ended.then(() => {
    hasEnded = true;
  });
  child.stdout.resume();
  child.stderr.on('data', (data: Buffer) => {
    log.push(...data.toString().trimEnd().split('\n'));
    log.splice(0, log.length - KEPT);
  });
  const gateway = createEngineGateway({ path: socket, timeout: seconds(5) });
  return {
    node,
    log,
    async status() {
      if (hasEnded) throw new Error(`${node.name}: keelsond has ended:\n${log.join('\n')}`);
      const answer = await gateway.request('status', {});
      return answer.ok ? answer.value : undefined;
    },
    cost: () => readCost((path) => readOn(node, path), join(state, 'pid')),
  };
}

/** A file as it is on the node, whose /proc is its own. It is read only once somebody listens, lest it be lost. */
async function readOn(node: ClusterNode, path: string): Promise<string> {
  const cat = await node.spawn(['sh', '-c', 'read -r go; exec cat "$1"', 'sh', path]);
  cat.stderr.resume();
  const content = text(cat.stdout);
  cat.stdin.end('go\n');
  await cat.ended;
  return content;
}
