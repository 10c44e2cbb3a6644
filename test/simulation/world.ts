import { initialConfig } from '../../src/engine/index.ts';
import type { Work } from './agent-host.ts';
import { Board } from './board.ts';
import { boardAddress, clusterFile, feedAddresses, fileOf, type Variant } from './cluster-file.ts';
import { Corosync } from './corosync/corosync.ts';
import { digest } from './digest.ts';
import { Mirror } from './drbd/mirror.ts';
import { Feed } from './feeds.ts';
import { Host } from './host.ts';
import { Lies } from './lies.ts';
import { LogStore } from './log-store.ts';
import { Machine } from './machine.ts';
import { Moments } from './moments.ts';
import { Operator } from './operator.ts';
import { withProvenFencing } from './proven.ts';
import { checkAgreement } from './properties/agreement.ts';
import { checkBegin } from './properties/begin.ts';
import { checkExclusive, Identities } from './properties/exclusive.ts';
import { checkGrounds } from './properties/grounds.ts';
import { checkKnown } from './properties/known.ts';
import { Random } from './random.ts';
import { Story } from './story.ts';
import { Time } from './time.ts';

/** Some morning in November 2026. */
const START = 1_795_000_000_000;
export const DATA_LUN = 'data';

/** Two SAN nodes, their networks and boards, one host and one operator, and sometimes a witness, in simulated time. */
export class World {
  readonly time: Time;
  readonly random: Random;
  readonly story: Story;
  readonly lies = new Lies();
  readonly moments = new Moments();
  readonly corosync: Corosync;
  readonly mirror: Mirror;
  readonly machines: readonly [Machine, Machine];
  readonly boards: Map<string, Board>;
  readonly host: Host;
  readonly operator: Operator;
  events = 0;
  /** Of people who ask until somebody has agreed, and once more later. */
  asking = 0;
  /** People look after machines that stay off. */
  isAttended = true;
  private readonly identities = new Identities();
  /** For whoever watches. */
  afterEvent: () => void = () => undefined;

  constructor(seed: number, trace: boolean, variant: Variant = {}) {
    const time = new Time(START);
    const random = new Random(seed);
    const story = new Story(time, trace);
    this.time = time;
    this.random = random;
    this.story = story;
    this.corosync = new Corosync([1, 2], time, random.fork(), story, variant.hasWitness);
    this.mirror = new Mirror(
      ['alpha', 'beta'],
      (name) => this.machine(name).isPowered,
      time,
      random.fork(),
      story,
    );
    const secrets = { clusterId: random.hex(32), poolSecret: random.hex(32) };
    const config = withProvenFencing(initialConfig(fileOf(variant), secrets));
    const machine = (name: string, id: number): Machine =>
      new Machine(name, id, new LogStore(config, time, random.fork(), digest), {
        time,
        random,
        story,
        corosync: this.corosync,
        mirror: this.mirror,
        lies: this.lies,
        moments: this.moments,
        boardAt: (address) => this.boardAt(address),
        began: (worker, work, overtaken) => this.began(worker, work, overtaken),
        withdraws: (by) => {
          for (const machine of this.machines) machine.frozen.checkWithdrawn(machine, this.peer(machine), by);
        },
      });
    this.machines = [machine('alpha', 1), machine('beta', 2)];
    this.boards = new Map(
      clusterFile.nodes.map((node): [string, Board] => [
        boardAddress(node.name),
        new Board(this.machine(node.name), this.lies, time, random.fork(), story),
      ]),
    );
    if (variant.hasFeeds === true) for (const machine of this.machines) this.feed(machine);
    this.host = new Host(DATA_LUN, this.machines, time, random.fork(), story);
    this.operator = new Operator(this.machines, time, story);
    for (const machine of this.machines) {
      for (const device of this.devices(machine))
        device.switchedOff = () => this.moments.tell('a board has switched off', machine);
      machine.kernel.replica.promoted = () => this.host.checkPromoted(machine);
      machine.store.changed = (before, after) => this.operator.checkStillThere(machine, before, after);
    }
    this.everySecond();
  }

  /** What need not be judged after every event. */
  private everySecond(): void {
    this.time.after(1000, () => {
      this.identities.check(this.machines, (lun) => this.operator.timesMade(lun));
      for (const machine of this.machines) {
        machine.engine?.answers.check(this, machine);
        machine.heldOff.check(this, machine);
        machine.unstopped.check(this, machine);
        machine.frozen.check(this, machine);
      }
      this.everySecond();
    });
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
    return this.boardAt(boardAddress(machine.name));
  }

  /** All that can put it out: its management board, and the units that feed it, where they can be switched. */
  devices(machine: Machine): readonly Board[] {
    const feeds = machine.feeds.length === 0 ? [] : feedAddresses(machine.name);
    return [this.board(machine), ...feeds.map((address) => this.boardAt(address))];
  }

  private feed(machine: Machine): void {
    this.board(machine).isFed = () => machine.isFed;
    for (const [index, address] of feedAddresses(machine.name).entries()) {
      const feed = new Feed(`feed ${index + 1} of ${machine.name}`, machine);
      machine.feeds.push(feed);
      this.boards.set(address, new Board(feed, this.lies, this.time, this.random.fork(), this.story));
    }
  }

  private boardAt(address: string): Board {
    const board = this.boards.get(address);
    if (board === undefined) throw new Error(`no board at ${address}`);
    return board;
  }

  private began(machine: Machine, work: Work, overtaken: boolean): void {
    if (overtaken || work.operation === 'monitor') return;
    checkBegin(machine, this.peer(machine), this.corosync, work);
    checkGrounds(machine, this.peer(machine), work);
    checkKnown(machine, work);
  }

  /** Milliseconds since the story began. */
  get age(): number {
    return this.time.now - START;
  }

  run(duration: number): void {
    this.time.runUntil(this.time.now + duration, () => {
      this.events += 1;
      checkExclusive(this.machines);
      checkAgreement(this.machines);
      this.afterEvent();
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
