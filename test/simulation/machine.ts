import type { EngineRequest, Legacy } from '../../src/engine/index.ts';
import type { RequestTerms, Result } from '../../src/model/index.ts';
import { AgentHost, type Work } from './agent-host.ts';
import type { Board } from './board.ts';
import type { Corosync } from './corosync/corosync.ts';
import type { Feed } from './feeds.ts';
import { wordOf, type Word } from './drbd/handler.ts';
import type { Mirror } from './drbd/mirror.ts';
import { EngineProcess } from './engine-process.ts';
import { Kernel } from './kernel.ts';
import type { Lies } from './lies.ts';
import type { LogStore } from './log-store.ts';
import type { Moments } from './moments.ts';
import { Unstopped } from './properties/deadlines.ts';
import { Frozen } from './properties/frozen.ts';
import { Unforeseen } from './properties/unforeseen.ts';
import { HeldOff } from './properties/held-off.ts';
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
  readonly lies: Lies;
  readonly moments: Moments;
  boardAt(address: string): Board;
  /** `overtaken`: the order was heard together with the end of the view that it was given in. */
  began(machine: Machine, work: Work, overtaken: boolean): void;
  /** A fencing for a broken replication is not wanted any more, says its engine. */
  withdraws(machine: Machine): void;
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
  readonly moments: Moments;
  readonly store: LogStore;
  readonly kernel: Kernel;
  readonly agents: AgentHost;
  readonly watched = new Set<string>();
  readonly unstopped = new Unstopped();
  readonly frozen = new Frozen();
  readonly unforeseen = new Unforeseen();
  readonly feeds: Feed[] = [];
  readonly heldOff = new HeldOff();
  readonly boardAt: (address: string) => Board;
  engine: EngineProcess | undefined;
  isPowered = false;
  /** Once it is off, nothing gives it its power back. */
  staysDark = false;
  /** Corosync's, where it was renewed. */
  authkey = '';
  boot = '';
  /** When the kernel's clock that only runs was 0: it begins anew with every boot. */
  private clockStartedAt = 0;
  /** By how much the clock that shows the time of day is wrong. */
  private wrongBy = 0;
  /** As a marker under /run says, for the next engine of this boot. */
  legacy: Legacy | undefined;
  /** Its engine has left in order: nothing of it needs to be fenced. */
  hasLeft = false;
  /** It was asked to leave in this life of its. */
  leaves = false;
  /** Counts the times that the power went on, and when it last went off. */
  life = 0;
  offAt = -Infinity;
  /** When somebody last gave it power by hand, which a fencing under way does not know. */
  pressedAt = -Infinity;
  /** For whoever wants to see what is begun here. */
  onBegin: (work: Work) => void = () => undefined;
  /** An operation is about to be begun here. */
  readonly begin: (work: Work, overtaken: boolean) => void;
  readonly withdraws: () => void;
  private processes = 100;

  constructor(name: string, id: number, store: LogStore, around: Surroundings) {
    this.name = name;
    this.id = id;
    this.store = store;
    this.time = around.time;
    this.random = around.random.fork();
    this.story = around.story;
    this.corosync = around.corosync;
    this.moments = around.moments;
    this.boardAt = (address) => around.boardAt(address);
    this.kernel = new Kernel(around.mirror, name);
    this.agents = new AgentHost(this.kernel, around.lies, this.time, this.random.fork());
    this.agents.unforeseen = (work) => this.unforeseen.note(work, this.time.now);
    this.begin = (work, overtaken) => {
      around.began(this, work, overtaken);
      this.onBegin(work);
    };
    this.withdraws = () => around.withdraws(this);
    this.kernel.replica.fencePeer = (answered) => this.runHandler(answered);
    this.kernel.replica.changed = () => this.hintSoon();
  }

  /** What the kernel's clock shows that only runs: the engine's `now`. */
  get uptime(): number {
    return this.time.now - this.clockStartedAt;
  }

  /** What is to be added to it for the time of day. */
  get clockOffset(): number {
    return this.clockStartedAt + this.wrongBy;
  }

  /** Somebody sets the clock, or it jumps. */
  setClock(wrongBy: number): void {
    this.story.tell(this.name, `=== the clock is wrong by ${wrongBy} ms`);
    this.wrongBy = wrongBy;
    this.engine?.tellClock();
  }

  cut(): void {
    if (!this.isPowered) return;
    this.story.tell(this.name, '=== power off');
    this.isPowered = false;
    this.boot = '';
    this.offAt = this.time.now;
    this.engine?.die();
    this.engine = undefined;
    this.watched.clear();
    this.store.lose();
    this.agents.losePower();
    this.kernel.losePower();
    this.unstopped.forgive();
    this.corosync.kill(this.id);
  }

  /** Its user space stands still for good: only its power switch helps. The kernel goes on serving. */
  hang(): void {
    this.story.tell(this.name, '=== hangs');
    this.corosync.setStalled(this.id, true);
    this.engine?.setPaused(true);
    this.agents.losePower();
  }

  /** Where there are no feeds of its own to switch, nobody takes its power away from outside. */
  get isFed(): boolean {
    return this.feeds.length === 0 || this.feeds.some((feed) => feed.isPowered);
  }

  /** Somebody has found it dark. */
  press(): void {
    if (!this.isPowered) this.pressedAt = this.time.now;
    this.restore();
  }

  /** By whoever gives it power: a person plugs it in where nobody feeds it. */
  restore(): void {
    if (this.isPowered || this.staysDark) return;
    if (!this.isFed) for (const feed of this.feeds) feed.isPowered = true;
    this.story.tell(this.name, '=== power on');
    this.isPowered = true;
    this.unforeseen.forget(this.time.now);
    this.life += 1;
    this.clockStartedAt = this.time.now;
    const { life } = this;
    this.time.after(this.random.between(BOOT.least, BOOT.most), () => {
      if (this.life !== life || !this.isPowered) return;
      this.boot = this.random.hex(32);
      this.legacy = undefined;
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
      this.hasLeft = false;
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
    this.agents.endWithParent();
    this.corosync.leave(this.id, process);
    if (awayFor === undefined) return this.startEngineLater();
    const { life } = this;
    this.time.after(awayFor, () => {
      if (this.life === life) this.startEngineLater();
    });
  }

  request(
    kind: EngineRequest['kind'],
    body: object,
    answered: (result: Result<unknown>) => void,
    terms?: RequestTerms,
  ): void {
    if (kind === 'cleanup') this.unstopped.forgive();
    if (this.engine !== undefined) {
      this.engine.request(kind, body, answered, terms);
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
  private runHandler(answered: (word: Word) => void): void {
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
      const question = { pool: this.poolName, role: this.kernel.replica.kernel?.role };
      const id = engine.request('fence-peer', question, (result) => {
        if (!open) return;
        if (!result.ok && result.failure.code !== 'pool_connected') return again();
        open = false;
        answered(wordOf(result.ok ? (result.value as { exitCode: number }).exitCode : 1));
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
