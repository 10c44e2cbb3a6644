import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import {
  seconds,
  type ClusterConfig,
  type RequestKind,
  type ReplyOf,
  type RequestOf,
  type Result,
} from '../../../src/model/index.ts';
import { restore } from '../../../src/daemon/restore.ts';
import { canonical } from '../../../src/engine/index.ts';
import { createEngineGateway } from '../../../src/platform/socket/gateway.ts';
import { createFileStore } from '../../../src/platform/store/index.ts';
import { digest } from '../../../src/platform/world.ts';
import type { NodeProcess } from '../node-process.ts';
import type { ClusterNode } from '../nodes.ts';
import { machineTime, writeJournal } from './journal.ts';
import { keelsondLog, noteInLog, socketOf, spawnKeelsond, stateFolder } from './node-programs.ts';
import { journalOf, RESOURCES } from './place.ts';

/** Milliseconds until systemd starts an engine that has ended again; see systemd/keelsond.service. */
const RESTART = 200;

/** Of a log that is being replaced its parts are seen at different moments; what stays so is damaged. */
const LOOKS = 20;

export type Part = 'engine' | 'agents' | 'corosync' | 'all';

/** A machine in namespaces with the whole of Keelson on it. */
export interface EngineNode {
  readonly name: string;
  readonly machine: ClusterNode;
  isOn(): boolean;
  /** As a member of the API's group would ask; over a connection of its own. */
  request<Kind extends RequestKind>(
    kind: Kind,
    body: RequestOf<Kind>,
    patience?: number,
  ): Promise<Result<ReplyOf<Kind>>>;
  /** What is on its disk. */
  stored(): Promise<{ readonly config: ClusterConfig; readonly hash: string }>;
  powerOff(): Promise<void>;
  /** Boots it; keelsond is started as after every boot. */
  powerOn(): Promise<void>;
  /** A stopped part stays so until SIGCONT; a killed one is started again by what looks after it. */
  signal(part: Part, signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /** `false`: an engine that ends is not started again. */
  superviseEngine(wanted: boolean): void;
  /** Ends a resource behind the engine's back; `claim` as in the journal. */
  breakResource(resource: string, claim: string): Promise<void>;
  /** How often its engine has said that. */
  said(text: string): number;
  /** How often its engine was started since the beginning. */
  engineStarts(): number;
}

export function createEngineNode(machine: ClusterNode, shared: string): EngineNode {
  const { name, folder } = machine;
  const journal = journalOf(folder);
  let on = true;
  let supervised = true;
  let life = 0;
  let starts = 0;
  let engine: NodeProcess | undefined;

  /** Until the power is cut. */
  async function lookAfterEngine(): Promise<void> {
    life += 1;
    const own = life;
    while (life === own) {
      if (supervised) {
        try {
          engine = await spawnKeelsond(machine, shared);
        } catch {
          // The power was cut at that moment.
          continue;
        }
        starts += 1;
        await engine.ended;
        engine = undefined;
        noteInLog(folder, '--- the engine has ended\n');
      }
      await delay(RESTART);
    }
  }

  /** What the script writes ends up in the node's log; a script that writes nothing has found nothing to do. */
  async function inside(script: string, ...words: string[]): Promise<void> {
    const child = await machine.spawn(['sh', '-c', script, 'sh', ...words]);
    // To their ends: a process may have ended before what it wrote is read.
    const said = (await Promise.all([text(child.stdout), text(child.stderr)])).join('');
    await child.ended;
    noteInLog(folder, `--- ${said}`);
    if (!said.includes('done')) throw new Error(`${name}: ${script}: ${said}`);
  }

  void lookAfterEngine();

  return {
    name,
    machine,
    isOn: () => on,
    async request(kind, body, patience = 5) {
      const timeout = seconds(patience);
      const gateway = createEngineGateway({ path: socketOf(folder), timeout, timeouts: { [kind]: timeout } });
      const answer = await gateway.request(kind, body);
      gateway.close();
      return answer;
    },
    async stored() {
      for (let looks = 1; ; looks += 1) {
        const loaded = await createFileStore(join(stateFolder(folder), 'config')).load();
        if (!loaded.ok) throw new Error(`${name}: ${loaded.failure.message}`);
        const restored = restore(loaded.value, digest);
        if (restored.kind === 'whole')
          return { config: restored.config, hash: digest(canonical(restored.config)) };
        if (looks === LOOKS) throw new Error(`${name} has no whole configuration on disk: ${restored.kind}`);
        await delay(50);
      }
    },
    async powerOff() {
      if (!on) return;
      on = false;
      life += 1;
      await machine.powerOff();
      writeJournal(journal, { at: machineTime(), node: name, kind: 'off' });
    },
    async powerOn() {
      if (on) return;
      writeJournal(journal, { at: machineTime(), node: name, kind: 'on' });
      await machine.boot();
      on = true;
      void lookAfterEngine();
    },
    async signal(part, signal) {
      switch (part) {
        case 'engine':
          return engine?.kill(signal);
        case 'agents':
          return inside(KILL_AGENTS, signal.replace('SIG', ''), join(folder, 'agent-host.mjs'));
        case 'corosync':
          return inside(
            'kill -s "$1" -- "$(cat /run/keelson-test/corosync.pid)" && echo "Corosync $1 done"',
            signal.replace('SIG', ''),
          );
        case 'all':
          // To all processes of the pid namespace but its first and kill itself.
          return inside('echo "all $1 done"; kill -s "$1" -- -1', signal.replace('SIG', ''));
      }
    },
    superviseEngine(wanted) {
      supervised = wanted;
    },
    async breakResource(resource, claim) {
      writeJournal(journal, { at: machineTime(), node: name, kind: 'released', claim });
      await inside('rm -- "$1" && echo "$1 done"', join(RESOURCES, encodeURIComponent(resource)));
    },
    said: (text) => readFileSync(keelsondLog(folder), 'utf8').split(text).length - 1,
    engineStarts: () => starts,
  };
}

/** $1: the signal's name; $2: the agent host's program. */
const KILL_AGENTS = `for folder in /proc/[0-9]*; do
  if tr '\\0' '\\n' <"$folder/cmdline" 2>/dev/null | grep -qxF "$2"; then
    kill -s "$1" -- "\${folder#/proc/}" && echo "agents $1 done"
  fi
done`;
