import { createEventHistory } from '../../../src/daemon/event-history.ts';
import { whoIsThis } from '../../../src/daemon/identity.ts';
import { createRecords } from '../../../src/daemon/records.ts';
import { createRequests, type Stage } from '../../../src/daemon/requests.ts';
import { readTrail } from '../../../src/daemon/restore.ts';
import { startRuntime, type Runtime } from '../../../src/daemon/runtime.ts';
import { createWitness, witnessView } from '../../../src/daemon/witness.ts';
import { createWitnessRequests } from '../../../src/daemon/witness-requests.ts';
import { canonical, initialState, type Legacy } from '../../../src/engine/index.ts';
import {
  failed,
  failure,
  milliseconds,
  success,
  type ClusterConfig,
  type Problem,
  type ReplyOf,
  type RequestKind,
  type RequestOf,
  type Result,
  type NodeTask,
} from '../../../src/model/index.ts';
import { createFileStore } from '../../../src/platform/store/index.ts';
import { createRandom, digest } from '../../../src/platform/world.ts';
import type { Transport, TransportEvent } from '../../../src/ports/index.ts';
import { Random } from '../../simulation/random.ts';
import { beginning, snapshotOf } from '../../unit/platform/fixtures/changes.ts';
import { MemoryDisk } from '../../unit/platform/fixtures/memory-disk.ts';

const FOLDER = '/var/lib/keelson/config';
export const LOG = `${FOLDER}/configuration.log`;

const done = (): Promise<Result<void>> => Promise.resolve(success(undefined));
/** Certificates that are got without a question. */
export const CREDENTIALS = { authority: 'the authority', identity: 'a-private-key' };
const handedOver = {
  check: done,
  obtain: done,
  install: done,
  credentials: () => Promise.resolve(success(CREDENTIALS)),
};

/** One node: the daemon's own parts around the unchanged engine, on a disk in memory. Its resources are left alone. */
export class ConfiguredNode {
  readonly name: string;
  readonly id: number;
  readonly disk: MemoryDisk;
  readonly events: string[] = [];
  boots = 0;
  legacy: Legacy | undefined;
  runtime: Runtime | undefined;
  stage: Stage = { kind: 'starting' };
  listener: ((event: TransportEvent) => void) | undefined;
  readonly arriving: TransportEvent[] = [];
  /** What its engine asked for, for a witness that comes or goes, and what becomes of it. */
  readonly tasks: NodeTask[] = [];
  carryOut: (task: NodeTask) => Promise<Result<void>> = () => Promise.resolve(success(undefined));

  constructor(name: string, id: number, random: Random) {
    this.name = name;
    this.id = id;
    this.disk = new MemoryDisk((low, high) => random.between(low, high));
  }

  get config(): ClusterConfig {
    const { runtime } = this;
    if (runtime === undefined) throw new Error(`${this.name} does not run`);
    return runtime.state().config.current;
  }

  /** What a start would find now. */
  async onDisk(): Promise<ReturnType<typeof whoIsThis>> {
    return whoIsThis(await createFileStore(FOLDER, this.disk).load(), this.name, this.name, digest);
  }

  async log(): Promise<Buffer> {
    return (await this.disk.read(LOG)) ?? Buffer.alloc(0);
  }

  /** Flips a bit in the middle of a record: 0 is the snapshot, then the entries. */
  async damage(record: number): Promise<void> {
    const content = await this.log();
    const ends = [...content.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at);
    const [from, to] = [ends[record] ?? 0, ends[record + 1] ?? content.length];
    const at = Math.floor((from + to) / 2);
    content.writeUInt8(content.readUInt8(at) ^ 4, at);
    this.disk.put(LOG, content);
  }
}

/** A cluster of two whose operator changes the configuration; messages in total order, time that is made to pass. */
export class ConfiguredCluster {
  readonly alpha: ConfiguredNode;
  readonly beta: ConfiguredNode;
  private readonly random = new Random(7);
  private readonly members: ConfiguredNode[] = [];
  /** What Corosync says of its next ring. */
  quorate = true;
  private ring = 0;
  private now = 1_000_000;
  private timers: { at: number; fired: () => void; cancelled: boolean }[] = [];

  constructor() {
    this.alpha = new ConfiguredNode('alpha', 1, this.random);
    this.beta = new ConfiguredNode('beta', 2, this.random);
  }

  static async formed(): Promise<ConfiguredCluster> {
    const cluster = new ConfiguredCluster();
    const config = beginning();
    // Nothing is started or looked at: these stories are of the configuration alone.
    const left: ClusterConfig = { ...config, properties: { ...config.properties, maintenance: true } };
    for (const { disk } of cluster.nodes) {
      const store = createFileStore(FOLDER, disk);
      await store.load();
      await store.replace(snapshotOf(left));
    }
    await cluster.start(cluster.alpha);
    await cluster.start(cluster.beta);
    await cluster.pass(10_000);
    return cluster;
  }

  get nodes(): readonly [ConfiguredNode, ConfiguredNode] {
    return [this.alpha, this.beta];
  }

  /** After a boot, as the daemon does it. */
  async start(node: ConfiguredNode, { booted = true } = {}): Promise<void> {
    if (booted) {
      node.boots += 1;
      node.legacy = undefined;
    }
    const store = createFileStore(FOLDER, node.disk);
    const identity = whoIsThis(await store.load(), node.name, node.name, digest);
    if (identity.kind !== 'member') {
      node.stage = identity;
      return;
    }
    const { config, damage, changes } = identity;
    if (damage === undefined) await store.keep(snapshotOf(config));
    const events = createEventHistory(1, () => milliseconds(this.wall));
    events.subscribe(undefined, ({ kind, message }) => node.events.push(`${kind}: ${message}`));
    const present = (): ClusterConfig => node.runtime?.state().config.current ?? config;
    const records = createRecords({ store, digest, current: present, damage });
    const clock = {
      now: () => milliseconds(this.wall),
      monotonic: () => milliseconds(this.now),
      after: (delay: number, fired: () => void) => this.after(delay, fired),
    };
    const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const state = initialState({
      self: node.name,
      incarnation: this.random.hex(16),
      boot: `${node.name}-${node.boots}`,
      legacy: node.legacy,
      config,
      damage,
      changes,
      ...(damage === undefined ? { trail: await readTrail(store) } : {}),
      now: clock.monotonic(),
      digest,
    });
    node.runtime = startRuntime(
      state,
      {
        clock,
        random: this.random,
        log: quiet,
        digest,
        transport: this.transportOf(node),
        store,
        agents: {
          perform: () => Promise.resolve(failed(failure('agent_failed', 'nothing is operated here'))),
          watch: () => undefined,
          unwatch: () => undefined,
        },
        fencing: { perform: ({ verb }) => this.switchPower(node, verb) },
        events,
        witness: (task) => {
          node.tasks.push(task);
          return node.carryOut(task);
        },
        health: [records.health],
        reviveCorosync: () => undefined,
        bequeath: (legacy) => (node.legacy = legacy),
        giveUp: (reason) => {
          throw new Error(`${node.name} gives up: ${reason}`);
        },
      },
      changes.length,
    );
    const witness = () => witnessView(present(), undefined);
    node.stage = { kind: 'running', runtime: node.runtime, records, witness };
    this.enter(node);
    await this.settle();
  }

  private get wall(): number {
    return 1_800_000_000_000 + this.now;
  }

  private after(delay: number, fired: () => void): { cancel(): void } {
    const timer = { at: this.now + delay, fired, cancelled: false };
    this.timers.push(timer);
    return { cancel: () => (timer.cancelled = true) };
  }

  /** The board of the other node: it obeys. */
  private switchPower(by: ConfiguredNode, verb: 'on' | 'off' | 'status'): Promise<Result<'on' | 'off'>> {
    const other = by === this.alpha ? this.beta : this.alpha;
    if (verb === 'off' && other.runtime !== undefined) this.stop(other);
    return Promise.resolve(success(verb === 'off' ? 'off' : 'on'));
  }

  private transportOf(node: ConfiguredNode): Transport {
    return {
      start: (listener) => (node.listener = listener),
      multicast: (payload) => {
        if (!this.members.includes(node)) return;
        const event = { kind: 'message' as const, node: node.id, process: node.id, payload };
        for (const member of this.members) this.deliver(member, event);
      },
      close: () => undefined,
    };
  }

  /** What comes in one turn is heard together, as from a busy Corosync; to those who are members when it comes. */
  private deliver(member: ConfiguredNode, event: TransportEvent): void {
    member.arriving.push(event);
    if (member.arriving.length > 1) return;
    setImmediate(() => {
      for (const arrived of member.arriving.splice(0)) member.listener?.(arrived);
    });
  }

  private enter(node: ConfiguredNode): void {
    this.members.push(node);
    node.listener?.({ kind: 'up', self: node.id });
    this.tellView([], [node]);
  }

  /** The power of a node goes off; what it flushed is on its disk. */
  stop(node: ConfiguredNode): void {
    node.runtime = undefined;
    node.stage = { kind: 'starting' };
    node.listener = undefined;
    node.arriving.length = 0;
    this.members.splice(this.members.indexOf(node), 1);
    node.disk.losePower();
    this.tellView([node], []);
  }

  private tellView(left: readonly ConfiguredNode[], joined: readonly ConfiguredNode[]): void {
    this.ring += 1;
    const ring = { node: 1, sequence: this.ring };
    const nodes = this.members.map(({ id }) => id);
    const process = ({ id }: ConfiguredNode): { node: number; process: number } => ({
      node: id,
      process: id,
    });
    const members = this.members.map(process);
    for (const member of this.members) {
      this.deliver(member, {
        kind: 'view',
        members,
        joined: joined.map(process),
        left: left.map((node) => ({ ...process(node), reason: 'nodedown' as const })),
      });
      this.deliver(member, { kind: 'ring', ring, nodes });
      this.deliver(member, { kind: 'quorum', ring, quorate: this.quorate, nodes });
    }
  }

  /** Until nothing more happens by itself. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 40; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  async pass(duration: number): Promise<void> {
    const end = this.now + duration;
    for (;;) {
      this.timers = this.timers.filter(({ cancelled }) => !cancelled);
      const next = this.timers.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.now = Math.max(this.now, next.at);
      next.cancelled = true;
      next.fired();
      await this.settle();
    }
    this.now = end;
    await this.settle();
  }

  /** As the API asks, through all that checks it. */
  async ask<Kind extends RequestKind>(
    node: ConfiguredNode,
    kind: Kind,
    request: RequestOf<Kind>,
  ): Promise<Result<ReplyOf<Kind>>> {
    const ask = createRequests({
      stage: () => node.stage,
      doctor: undefined as never,
      membership: undefined as never,
      discovery: undefined as never,
      nodes: () => [],
      setups: undefined as never,
      checkPortal: undefined as never,
      witnesses: createWitnessRequests({
        witness: createWitness({
          log: { info: () => undefined },
          certificates: handedOver,
          check: done,
          reach: done,
        }),
        current: () => node.config,
      }),
      random: createRandom(),
    });
    const caller = { uid: 0, gid: 0, pid: 1, gone: new AbortController().signal };
    const answer = ask(kind, request, caller);
    await this.settle();
    return (await answer) as Result<ReplyOf<Kind>>;
  }

  async told<Kind extends RequestKind>(
    node: ConfiguredNode,
    kind: Kind,
    request: RequestOf<Kind>,
  ): Promise<ReplyOf<Kind>> {
    const answer = await this.ask(node, kind, request);
    if (!answer.ok) throw new Error(`${kind}: ${answer.failure.code}: ${answer.failure.message}`);
    return answer.value;
  }

  async problems(node: ConfiguredNode): Promise<readonly Problem[]> {
    return (await this.told(node, 'status', {})).problems;
  }

  /** The operator changes something that stops nothing. */
  setDelay(node: ConfiguredNode, delay: number): Promise<Result<ReplyOf<'resource.set'>>> {
    return this.ask(node, 'resource.set', { id: 'drbd-main', policy: { startDelay: milliseconds(delay) } });
  }

  async agree(): Promise<boolean> {
    const [a, b] = [await this.alpha.onDisk(), await this.beta.onDisk()];
    return (
      a.kind === 'member' &&
      b.kind === 'member' &&
      a.damage === undefined &&
      b.damage === undefined &&
      canonical(a.config) === canonical(b.config)
    );
  }
}
