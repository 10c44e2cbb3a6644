import type { EngineRequest } from '../../src/engine/index.ts';
import type { Result } from '../../src/model/index.ts';
import { AgentHost, type Work } from './agent-host.ts';
import type { Board } from './board.ts';
import type { Corosync } from './corosync.ts';
import type { Mirror } from './drbd.ts';
import { EngineProcess } from './engine-process.ts';
import { Kernel } from './kernel.ts';
import type { LogStore } from './log-store.ts';
import type { Random } from './random.ts';
import type { Story } from './story.ts';
import type { Time } from './time.ts';

/** What a machine shares with the rest of the world. */
export interface Surroundings {
  readonly time: Time;
  readonly random: Random;
  readonly story: Story;
  readonly corosync: Corosync;
  readonly mirror: Mirror;
  boardAt(address: string): Board;
  began(machine: Machine, work: Work): void;
}

const BOOT = { least: 8000, most: 25_000 };
const ENGINE_START = { least: 200, most: 2500 };
/** The fence-peer handler: an unanswered question is given up and asked again. */
const HANDLER = { patience: 10_000, again: 500 };

/** One SAN node: its power, its kernel, its disk, and the processes that run on it. */
export class Machine {
  readonly name: string;
  readonly id: number;
  readonly time: Time;
  readonly random: Random;
  readonly story: Story;
  readonly corosync: Corosync;
  readonly store: LogStore;
  readonly kernel: Kernel;
  readonly agents: AgentHost;
  readonly watched = new Set<string>();
  readonly boardAt: (address: string) => Board;
  engine: EngineProcess | undefined;
  isPowered = false;
  boot = '';
  /** As a marker under /run says, for the next engine of this boot. */
  mayActAlone = false;
  /** Counts the times that the power went on, and when it last went off. */
  life = 0;
  offAt = -Infinity;
  /** For whoever wants to see what is begun here. */
  onBegin: (work: Work) => void = () => undefined;
  private processes = 100;

  constructor(name: string, id: number, store: LogStore, around: Surroundings) {
    this.name = name;
    this.id = id;
    this.store = store;
    this.time = around.time;
    this.random = around.random.fork();
    this.story = around.story;
    this.corosync = around.corosync;
    this.boardAt = (address) => around.boardAt(address);
    this.kernel = new Kernel(around.mirror, name);
    this.agents = new AgentHost(this.kernel, this.time, this.random.fork(), (work) => {
      around.began(this, work);
      this.onBegin(work);
    });
    this.kernel.replica.fencePeer = (answered) => this.runHandler(answered);
    this.kernel.replica.changed = () => this.hintSoon();
  }

  cut(): void {
    if (!this.isPowered) return;
    this.story.tell(this.name, '=== power off');
    this.isPowered = false;
    this.offAt = this.time.now;
    this.engine?.die();
    this.engine = undefined;
    this.watched.clear();
    this.store.lose();
    this.agents.losePower();
    this.kernel.losePower();
    this.corosync.kill(this.id);
  }

  restore(): void {
    if (this.isPowered) return;
    this.story.tell(this.name, '=== power on');
    this.isPowered = true;
    this.life += 1;
    const { life } = this;
    this.time.after(this.random.between(BOOT.least, BOOT.most), () => {
      if (this.life !== life || !this.isPowered) return;
      this.boot = this.random.hex(32);
      this.mayActAlone = false;
      this.corosync.start(this.id);
      this.startEngineLater();
    });
  }

  /** As systemd does after it has ended. */
  private startEngineLater(): void {
    const { life } = this;
    this.time.after(this.random.between(ENGINE_START.least, ENGINE_START.most), () => {
      if (this.life !== life || !this.isPowered || this.engine !== undefined) return;
      this.processes += 1;
      this.story.tell(this.name, `=== engine starts with revision ${this.store.config.revision}`);
      this.engine = new EngineProcess(this, this.processes);
      this.engine.join();
    });
  }

  /** `awayFor`: how long it takes until it is started again; undefined: as quickly as systemd can. */
  killEngine(awayFor?: number): void {
    if (this.engine === undefined) return;
    this.story.tell(this.name, '=== engine killed');
    const { process } = this.engine;
    this.engine.die();
    this.engine = undefined;
    this.watched.clear();
    this.store.lose();
    // The agent host ends with its parent.
    this.agents.die();
    this.corosync.leave(this.id, process);
    if (awayFor === undefined) return this.startEngineLater();
    const { life } = this;
    this.time.after(awayFor, () => {
      if (this.life === life) this.startEngineLater();
    });
  }

  request(kind: EngineRequest['kind'], body: object, answered: (result: Result<unknown>) => void): void {
    if (this.engine !== undefined) {
      this.engine.request(kind, body, answered);
      return;
    }
    answered({ ok: false, failure: { code: 'engine_unreachable', message: 'no engine runs' } });
  }

  private hintSoon(): void {
    const { engine } = this;
    if (engine === undefined) return;
    for (const resource of this.watched) {
      this.time.after(this.random.between(50, 120), () => {
        if (this.engine === engine && this.watched.has(resource)) engine.hear({ kind: 'hint', resource });
      });
    }
  }

  /** Asks the engine until it confirms, as the program that DRBD's kernel runs does. */
  private runHandler(answered: (stonithed: boolean) => void): void {
    const { life } = this;
    const ask = (): void => {
      if (!this.isPowered || this.life !== life) return;
      let open = true;
      const again = (): void => {
        if (!open) return;
        open = false;
        this.time.after(HANDLER.again, ask);
      };
      const { engine } = this;
      if (engine === undefined) return again();
      const id = engine.request('fence-peer', { pool: this.poolName }, (result) => {
        if (!open) return;
        if (!result.ok) return again();
        open = false;
        answered((result.value as { exitCode: number }).exitCode === 7);
      });
      this.time.after(HANDLER.patience, () => {
        if (!open) return;
        engine.callerGone(id);
        again();
      });
    };
    ask();
  }

  private get poolName(): string {
    return Object.keys(this.store.config.pools)[0] ?? '';
  }
}
