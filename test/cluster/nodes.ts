import { randomBytes } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { milliseconds } from '../../src/model/index.ts';
import type { Milliseconds } from '../../src/model/index.ts';
import type { Host } from '../fencing/peers/host.ts';
import { addressOf, corosyncConfig } from './corosync-config.ts';
import { createNamespace } from './namespace.ts';
import type { Namespace } from './namespace.ts';
import { startProcess } from './node-process.ts';
import type { NodeProcess, SpawnChoice } from './node-process.ts';
import { createSwitch } from './switch.ts';
import type { Switch } from './switch.ts';

/** A machine in namespaces: own network, processes, /run and host name; own /etc, /var/lib and /var/log of Corosync. */
export interface ClusterNode {
  readonly id: number;
  /** Also its host name. */
  readonly name: string;
  /** The node's disk: the same path inside and outside, and it survives `powerOff`. */
  readonly folder: string;
  address(link: number): string;
  spawn(argv: readonly string[], choice?: SpawnChoice): Promise<NodeProcess>;
  /** SIGKILL to everything on the node at the same moment. */
  powerOff(): Promise<void>;
  /** Switches it on again; Corosync is not started by it. */
  boot(): Promise<void>;
  /** Takes the cable out, of one link or of all. */
  cut(link?: number): Promise<void>;
  heal(link?: number): Promise<void>;
  /** Splits the network: those on the island reach each other only. A boot brings a node back to the mainland. */
  moveTo(side: 'mainland' | 'island'): Promise<void>;
  startCorosync(): Promise<void>;
  /** SIGSTOP and SIGCONT: a Corosync that is not given the processor. */
  pauseCorosync(): Promise<void>;
  resumeCorosync(): Promise<void>;
  /** SIGKILL, and waits until it is gone. */
  killCorosync(): Promise<void>;
  /** For the message of a test that failed. */
  corosyncLog(): Promise<string>;
}

export interface Nodes {
  readonly nodes: readonly ClusterNode[];
  /** A place on that link beside the nodes, which goes on when they lose power; numbers from 1. */
  station(number: number, link: number): Promise<Host>;
  /** Ends every process and removes every file, whatever happened before. */
  close(): Promise<void>;
}

/** What another harness brings along instead of this one's own. */
export interface NodeSetUp {
  /** The text of corosync.conf. */
  readonly configuration: string;
  /** Shell commands that are run inside at every boot, with the node's folder in `$folder` and its name in `$name`. */
  readonly boot: string;
  /** `false`: something on the node starts Corosync. */
  readonly startCorosync: boolean;
  /** Puts on the node's disk what it finds there at its first boot. */
  readonly install: (node: Pick<ClusterNode, 'folder' | 'name'>) => Promise<void>;
}

export interface NodesChoice {
  /** Networks between the nodes; 1 where not given. */
  readonly links?: number;
  /** Corosync's token timeout; 1 s where not given. */
  readonly token?: Milliseconds;
  /** The text of corosync.conf, in place of this harness's own. */
  readonly configuration?: string;
  readonly setUp?: NodeSetUp;
}

/** Boots `count` nodes with ids from 1 and starts Corosync on each; it does not wait for them to form. */
export async function startNodes(count: number, choice: NodesChoice = {}): Promise<Nodes> {
  await requireCorosync();
  const { links = 1, token = milliseconds(1000) } = choice;
  const network = await createSwitch(links);
  const folder = await mkdtemp(join(tmpdir(), 'keelson-cluster-'));
  const authkey = randomBytes(256);
  const config =
    choice.configuration ?? choice.setUp?.configuration ?? corosyncConfig({ count, links, token });
  const nodes: ClusterNode[] = [];

  async function close(): Promise<void> {
    await Promise.all(nodes.map((node) => node.powerOff()));
    await network.close();
    // A log may still be written to for a moment.
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }

  try {
    for (let id = 1; id <= count; id += 1) {
      const own = join(folder, `node${id}`);
      for (const part of ['etc', 'lib', 'log']) await mkdir(join(own, part), { recursive: true });
      await writeFile(join(own, 'etc/authkey'), authkey, { mode: 0o400 });
      await writeFile(join(own, 'etc/corosync.conf'), config);
      const node = createNode({ id, folder: own, links, network, boot: choice.setUp?.boot ?? '' });
      nodes.push(node);
      await choice.setUp?.install(node);
      await node.boot();
    }
    if (choice.setUp?.startCorosync !== false) await Promise.all(nodes.map((node) => node.startCorosync()));
  } catch (error) {
    await close();
    throw error;
  }
  return { nodes, station: (number, link) => network.station(number, link), close };
}

async function requireCorosync(): Promise<void> {
  for (const needed of ['/usr/sbin/corosync', '/usr/bin/nsenter', '/usr/bin/unshare', '/etc/corosync']) {
    try {
      await access(needed);
    } catch {
      throw new Error(`${needed} is missing: install Debian's packages corosync and util-linux`);
    }
  }
  if (process.getuid?.() !== 0) throw new Error('nodes in namespaces need root');
}

interface NodeOptions {
  readonly id: number;
  readonly folder: string;
  readonly links: number;
  readonly network: Switch;
  readonly boot: string;
}

function createNode({ id, folder, links, network, boot }: NodeOptions): ClusterNode {
  const name = `node${id}`;
  let namespace: Namespace | undefined;
  let corosync: NodeProcess | undefined;
  const allLinks = Array.from({ length: links }, (_, link) => link);

  function running(): Namespace {
    if (namespace === undefined) throw new Error(`${name} is off`);
    return namespace;
  }

  async function setPorts(link: number | undefined, state: 'up' | 'down'): Promise<void> {
    for (const each of link === undefined ? allLinks : [link]) await network.setPort(id, each, state);
  }

  return {
    id,
    name,
    folder,
    address: (link) => addressOf(link, id),
    spawn: (argv, choice) => startProcess(running(), argv, choice),
    async powerOff() {
      await namespace?.kill();
      namespace = undefined;
      corosync = undefined;
    },
    async boot() {
      if (namespace !== undefined) throw new Error(`${name} is on`);
      namespace = await createNamespace(`mount -t tmpfs tmpfs /run
mkdir /run/lock
mount -t tmpfs tmpfs /dev/shm
mount --bind '${folder}/etc' /etc/corosync
mount --bind '${folder}/lib' /var/lib/corosync
mount --bind '${folder}/log' /var/log/corosync
hostname ${name}
folder='${folder}'
name=${name}
${boot}`);
      await network.plug(id, namespace);
    },
    cut: (link) => setPorts(link, 'down'),
    heal: (link) => setPorts(link, 'up'),
    async moveTo(side) {
      for (const link of allLinks) await network.setSide(id, link, side);
    },
    async startCorosync() {
      corosync = await startProcess(running(), ['corosync', '-f']);
      // Its log is a file; a full pipe would stop it.
      corosync.stdout.resume();
      corosync.stderr.resume();
    },
    pauseCorosync: async () => corosync?.kill('SIGSTOP'),
    resumeCorosync: async () => corosync?.kill('SIGCONT'),
    async killCorosync() {
      await corosync?.kill('SIGKILL');
      await corosync?.ended;
      corosync = undefined;
    },
    async corosyncLog() {
      return readFile(join(folder, 'log/corosync.log'), 'utf8').catch(() => '(no log)');
    },
  };
}
