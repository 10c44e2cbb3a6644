import { initialConfig } from '../../src/engine/index.ts';
import type { Work } from './agent-host.ts';
import { Board } from './board.ts';
import { clusterFile } from './cluster-file.ts';
import { Corosync } from './corosync.ts';
import { digest } from './digest.ts';
import { Mirror } from './drbd.ts';
import { Host } from './host.ts';
import { LogStore } from './log-store.ts';
import { Machine } from './machine.ts';
import { Operator } from './operator.ts';
import { checkBegin, checkEverything } from './properties.ts';
import { Random } from './random.ts';
import { Story } from './story.ts';
import { Time } from './time.ts';

/** Some morning in November 2026. */
const START = 1_795_000_000_000;
export const DATA_LUN = 'data';

/** Two SAN nodes, their networks and boards, one host and one operator, in simulated time. */
export class World {
  readonly time: Time;
  readonly random: Random;
  readonly story: Story;
  readonly corosync: Corosync;
  readonly mirror: Mirror;
  readonly machines: readonly [Machine, Machine];
  readonly boards: ReadonlyMap<string, Board>;
  readonly host: Host;
  readonly operator: Operator;
  events = 0;

  constructor(seed: number, trace: boolean) {
    const time = new Time(START);
    const random = new Random(seed);
    const story = new Story(time, trace);
    this.time = time;
    this.random = random;
    this.story = story;
    this.corosync = new Corosync([1, 2], time, random.fork(), story);
    this.mirror = new Mirror(
      ['alpha', 'beta'],
      (name) => this.machine(name).isPowered,
      time,
      random.fork(),
      story,
    );
    const config = initialConfig(clusterFile, { clusterId: random.hex(32), poolSecret: random.hex(32) });
    const machine = (name: string, id: number): Machine =>
      new Machine(name, id, new LogStore(config, time, random.fork(), digest), {
        time,
        random,
        story,
        corosync: this.corosync,
        mirror: this.mirror,
        boardAt: (address) => this.boardAt(address),
        began: (worker, work) => this.began(worker, work),
      });
    this.machines = [machine('alpha', 1), machine('beta', 2)];
    this.boards = new Map(
      clusterFile.nodes.map((node): [string, Board] => [
        node.fence.address,
        new Board(this.machine(node.name), time, random.fork(), story),
      ]),
    );
    this.host = new Host(DATA_LUN, this.machines, time, random.fork(), story);
    this.operator = new Operator(this.machines, time, random.fork(), story);
  }

  machine(name: string): Machine {
    const found = this.machines.find((machine) => machine.name === name);
    if (found === undefined) throw new Error(`no machine ${name}`);
    return found;
  }

  peer(machine: Machine): Machine {
    return this.machines[0] === machine ? this.machines[1] : this.machines[0];
  }

  board(machine: Machine): Board {
    const node = clusterFile.nodes.find(({ name }) => name === machine.name);
    return this.boardAt(node?.fence.address ?? '');
  }

  private boardAt(address: string): Board {
    const board = this.boards.get(address);
    if (board === undefined) throw new Error(`no board at ${address}`);
    return board;
  }

  private began(machine: Machine, work: Work): void {
    checkBegin(machine, this.peer(machine), this.corosync, work);
  }

  run(duration: number): void {
    this.time.runUntil(this.time.now + duration, () => {
      this.events += 1;
      checkEverything(this.machines);
    });
  }

  /** Runs until it is so, looking every half second; false: it was not so within the time. */
  runUntil(within: number, isSo: () => boolean): boolean {
    const end = this.time.now + within;
    while (!isSo()) {
      if (this.time.now >= end) return false;
      this.run(500);
    }
    return true;
  }
}
