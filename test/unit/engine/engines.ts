import {
  initialConfig,
  initialState,
  step,
  legacyOf,
  type Effect,
  type EngineState,
  type Input,
  type TransportInput,
} from '../../../src/engine/index.ts';
import {
  milliseconds,
  success,
  type ClusterConfig,
  type FenceDevice,
  type Result,
} from '../../../src/model/index.ts';
import { clusterFile } from '../../simulation/cluster-file.ts';
import { digest } from '../../simulation/digest.ts';
import { withProvenFencing } from '../../simulation/proven.ts';

/** Three nodes: the third one has no disk. */
function threeNodes(): ClusterConfig {
  const config = initialConfig(clusterFile, { clusterId: 'c', poolSecret: 'p' });
  const gamma = {
    name: 'gamma',
    id: 3,
    management: '192.0.2.3',
    cluster: '192.0.2.3',
    replication: '192.0.2.3',
  };
  const board = { kind: 'ipmi' as const, address: '10.0.0.22', port: 623, username: 'admin', password: 'p' };
  const fenceDevices = {
    ...config.fenceDevices,
    'ipmi-gamma': { ...board, name: 'ipmi-gamma', node: 'gamma' },
  };
  return withProvenFencing({ ...config, nodes: { ...config.nodes, gamma }, fenceDevices });
}

export type FenceCall = Extract<Effect, { kind: 'fence' }>;

interface Engine {
  state: EngineState;
  process: number;
  /** The clock of its node. */
  now: number;
  alive: boolean;
  hung: boolean;
  readonly backlog: Input[];
  timers: Map<string, number>;
}

/**
 * Engines that only talk: one total order, delivered to all at once, timers by each one's own clock, and nobody who
 * carries out what they order. Small enough to look at what they agree on.
 */
export class Engines {
  readonly config: ClusterConfig;
  readonly engines = new Map<number, Engine>();
  /** All that was ever multicast, in order. */
  readonly said: { readonly from: number; readonly payload: string }[] = [];
  readonly effects: { readonly of: number; readonly effect: Effect }[] = [];
  private readonly order: TransportEvent[] = [];
  private processes = 100;
  private busy = false;
  private readonly off = new Set<number>();
  private readonly boots = new Map<number, number>();
  private ring = 4;

  /** `devices`: beside the management board that every node has. */
  constructor(devices: readonly FenceDevice[] = []) {
    const config = threeNodes();
    const more = Object.fromEntries(devices.map((device) => [device.name, device]));
    this.config = { ...config, fenceDevices: { ...config.fenceDevices, ...more } };
    for (const id of [1, 2, 3]) this.start(id);
  }

  /** `before`: the state that the last engine of the same boot left. */
  start(id: number, before?: EngineState): void {
    this.processes += 1;
    if (this.off.delete(id)) this.ring += 4;
    const now = id * 1_000_000;
    const self = Object.values(this.config.nodes).find((node) => node.id === id)?.name ?? '';
    const birth = {
      self,
      incarnation: `life-${this.processes}-of-${id}`,
      boot: `boot-${this.boots.get(id) ?? 1}-of-${id}`,
      config: this.config,
      legacy: before && legacyOf(before),
    };
    const state = initialState({ ...birth, now: milliseconds(now), digest });
    this.engines.set(id, {
      state,
      process: this.processes,
      now,
      alive: true,
      hung: false,
      backlog: [],
      timers: new Map(),
    });
    this.hear(id, { kind: 'transport', event: { kind: 'up', self: id } });
    this.put(this.view([]));
  }

  kill(id: number): void {
    this.engine(id).alive = false;
    this.put(this.view([{ node: id, reason: 'procdown' }]));
  }

  /** With its node. An engine that was gone already has left the group before: only the ring changes. */
  powerOff(id: number): void {
    const engine = this.engine(id);
    const wasAlive = engine.alive;
    engine.alive = false;
    this.off.add(id);
    this.boots.set(id, (this.boots.get(id) ?? 1) + 1);
    this.ring += 4;
    if (wasAlive) return this.put(this.view([{ node: id, reason: 'nodedown' }]));
    for (const other of this.engines.keys()) this.tellRing(other);
    this.flush();
  }

  /** What was asked of fence devices is answered: the power is off. */
  confirmOff(): void {
    this.answerDevices(() => success('off'));
  }

  /** Undefined: that call goes on without an answer. What is asked in the course of it, the next call answers. */
  answerDevices(answer: (asked: FenceCall) => Result<'on' | 'off'> | undefined): void {
    for (const { of, effect } of this.effects.splice(0)) {
      if (effect.kind !== 'fence') continue;
      const result = answer(effect);
      if (result === undefined) this.effects.push({ of, effect });
      else this.hear(of, { kind: 'fenced', work: effect.work, result });
    }
    this.flush();
  }

  hang(id: number, hung: boolean): void {
    const engine = this.engine(id);
    engine.hung = hung;
    if (hung) return;
    // As a real event loop does: first the timers that are due, then what waits to be read.
    this.fireTimers(id);
    for (const input of engine.backlog.splice(0)) this.hear(id, input);
    this.flush();
  }

  engine(id: number): Engine {
    const engine = this.engines.get(id);
    if (engine === undefined) throw new Error(`no engine ${id}`);
    return engine;
  }

  /** Into the total order, as if that node had said it. */
  say(from: number, payload: string): void {
    this.put({ kind: 'message', node: from, payload });
  }

  /** Everybody's clock runs. */
  run(duration: number): void {
    for (let passed = 0; passed < duration; passed += 100) {
      for (const [id, engine] of this.engines) {
        engine.now += 100;
        if (engine.alive && !engine.hung) this.fireTimers(id);
      }
      this.flush();
    }
  }

  private fireTimers(id: number): void {
    const { timers, now } = this.engine(id);
    const due = [...timers].filter(([, at]) => at <= now).sort(([, a], [, b]) => a - b);
    for (const [name] of due) if (timers.delete(name)) this.hear(id, { kind: 'timer', name });
  }

  private view(left: Extract<TransportEvent, { kind: 'view' }>['left']): TransportEvent {
    const members = [...this.engines].flatMap(([node, { alive, process }]) =>
      alive ? [{ node, process }] : [],
    );
    return { kind: 'view', members, left };
  }

  private put(event: TransportEvent): void {
    this.order.push(event);
    this.flush();
  }

  private flush(): void {
    if (this.busy) return;
    this.busy = true;
    for (let event = this.order.shift(); event !== undefined; event = this.order.shift())
      for (const id of this.engines.keys()) {
        this.hear(id, { kind: 'transport', event });
        if (event.kind === 'view') this.tellRing(id);
      }
    this.busy = false;
  }

  private tellRing(id: number): void {
    const ring = { sequence: this.ring };
    const nodes = [1, 2, 3].filter((node) => !this.off.has(node));
    for (const kind of ['ring', 'quorum'] as const)
      this.hear(id, { kind: 'transport', event: { kind, ring, nodes, quorate: nodes.length > 1 } });
  }

  hear(id: number, input: Input): void {
    const engine = this.engine(id);
    if (!engine.alive) return;
    if (engine.hung) {
      engine.backlog.push(input);
      return;
    }
    const { state, effects } = step(engine.state, input, milliseconds(engine.now), digest);
    engine.state = state;
    for (const effect of effects) {
      this.effects.push({ of: id, effect });
      if (effect.kind === 'multicast') {
        this.said.push({ from: id, payload: effect.payload });
        this.order.push({ kind: 'message', node: id, payload: effect.payload });
      } else if (effect.kind === 'timer') {
        if (effect.delay === undefined) engine.timers.delete(effect.name);
        else engine.timers.set(effect.name, engine.now + effect.delay);
      }
    }
  }
}

type TransportEvent = TransportInput;
