import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { milliseconds, type ClusterConfig, type StatusView } from '../../../src/model/index.ts';
import type { Host } from '../../fencing/peers/host.ts';
import { startNodes, type ClusterNode, type NodeSetUp } from '../nodes.ts';
import { clusterConfig, corosyncText, deviceAddressOf } from './configuration.ts';
import { createEngineNode, type EngineNode } from './engine-node.ts';
import { machineTime, readJournals, type JournalEntry } from './journal.ts';
import { judge } from './judge.ts';
import { BOOT, installNode, keelsondLog } from './node-programs.ts';
import { journalOf, powerOf } from './place.ts';
import { createPowerSwitch, type PowerSwitch } from './power-switch.ts';
import { until } from './wait.ts';
import { missingToWell } from './well.ts';

/** Long enough for a machine that is busy with something else; half of the stories are about exceeding it. */
export const TOKEN = milliseconds(3000);

/** A whole cluster of real engines on real Corosync. */
export interface EngineCluster {
  readonly nodes: readonly EngineNode[];
  /** A machine beside them, where one was asked for: without an engine, with the next id. */
  readonly beside: ClusterNode | undefined;
  readonly power: PowerSwitch;
  /** Where the power switch listens. */
  readonly powerSocket: string;
  /** As of `startNodes`. */
  station(number: number, link: number): Promise<Host>;
  node(name: string): EngineNode;
  /** The node whose pool is promoted, as the engines know. */
  serving(): Promise<EngineNode>;
  controller(): Promise<EngineNode>;
  journal(): readonly JournalEntry[];
  /** Operations other than looks since then, by whom where that is given. */
  touchedSince(at: number, node?: EngineNode): readonly JournalEntry[];
  now(): number;
  /** Every node is up, everything is served, all engines and disks agree, and the journals hold nothing against them. */
  well(deadline?: number): Promise<void>;
  /** Throws where the journals hold something against the engines. */
  judge(): void;
  status(node: EngineNode): Promise<StatusView | undefined>;
  /** For the message of a story that failed. */
  account(): Promise<string>;
  close(): Promise<void>;
}

/** What is otherwise than in the stories. */
export interface EnginesChoice {
  /** Networks between the nodes, of which Corosync uses the first one; 1 where not given. */
  readonly links?: number;
  readonly config?: (config: ClusterConfig) => ClusterConfig;
  /** Path of the module that exports `serveAgents`. */
  readonly agents?: string;
  /** Puts on the disk of a machine beside the nodes what it finds at its boot, `systemctl` at least; absent: no such machine. */
  readonly beside?: NodeSetUp['install'];
}

/** Boots `count` nodes and starts all that belongs on them; does not wait for them to form. */
export async function startEngines(count: number, choice: EnginesChoice = {}): Promise<EngineCluster> {
  const given = clusterConfig(count, TOKEN);
  const config = choice.config?.(given) ?? given;
  const { beside } = choice;
  const machines = await startNodes(beside === undefined ? count : count + 1, {
    links: choice.links ?? 1,
    setUp: {
      configuration: corosyncText(config),
      boot: BOOT,
      startCorosync: false,
      install: ({ folder, name }) =>
        config.nodes[name] === undefined && beside !== undefined
          ? beside({ folder, name })
          : installNode(folder, dirname(folder), config, name, choice.agents),
    },
  });
  const shared = dirname(machines.nodes[0]?.folder ?? '');
  const nodes = machines.nodes.slice(0, count).map((machine) => createEngineNode(machine, shared));
  const power = await createPowerSwitch(
    powerOf(shared),
    Object.fromEntries(
      nodes.map((node) => [
        deviceAddressOf(node.machine.id),
        { isOn: () => node.isOn(), off: () => node.powerOff(), on: () => node.powerOn() },
      ]),
    ),
  );
  const journals = nodes.map(({ machine }) => journalOf(machine.folder));
  const journal = (): readonly JournalEntry[] => readJournals(journals);

  async function status(node: EngineNode): Promise<StatusView | undefined> {
    if (!node.isOn()) return undefined;
    const answer = await node.request('status', {});
    return answer.ok ? answer.value : undefined;
  }

  async function one(what: string, name: (view: StatusView) => string | undefined): Promise<EngineNode> {
    let found: EngineNode | undefined;
    await until(what, async () => {
      for (const node of nodes) {
        const view = await status(node);
        const named = view?.synchronised === true && view.quorate ? name(view) : undefined;
        found = nodes.find((candidate) => candidate.name === named);
        if (found !== undefined) return undefined;
      }
      return 'nobody knows';
    });
    if (found === undefined) throw new Error(`${what}: nobody`);
    return found;
  }

  function check(): void {
    const complaints = judge(journal());
    if (complaints.length > 0) throw new Error(`the journals say:\n${complaints.slice(0, 20).join('\n')}`);
  }

  return {
    nodes,
    beside: machines.nodes[count],
    power,
    powerSocket: powerOf(shared),
    station: (number, link) => machines.station(number, link),
    node(name) {
      const found = nodes.find((node) => node.name === name);
      if (found === undefined) throw new Error(`there is no ${name}`);
      return found;
    },
    serving: () => one('a serving node', ({ pools }) => pools[0]?.primary),
    controller: () => one('a controller', ({ controller }) => controller),
    journal,
    touchedSince: (at, node) =>
      journal().filter(
        (entry) =>
          entry.kind === 'touched' && entry.at > at && (node === undefined || entry.node === node.name),
      ),
    now: machineTime,
    async well(deadline) {
      await until('a healthy cluster', () => missingToWell(nodes, status, journal), deadline);
      check();
    },
    judge: check,
    status,
    async account() {
      const parts = await Promise.all(
        nodes.map(async (node) => {
          const log = await readFile(keelsondLog(node.machine.folder), 'utf8').catch(() => '');
          return `${node.name} (${node.isOn() ? 'on' : 'off'}):\n${log.split('\n').slice(-60).join('\n')}`;
        }),
      );
      return parts.join('\n');
    },
    async close() {
      await Promise.all(nodes.map((node) => node.powerOff()));
      await power.close();
      await machines.close();
    },
  };
}
