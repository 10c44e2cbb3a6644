import { initialState, steps, type Effect, type EngineState, type Input } from '../../../src/engine/index.ts';
import { milliseconds, type ClusterConfig } from '../../../src/model/index.ts';
import { digest } from '../../../src/platform/world.ts';
import { createMade, type Made } from './agents.ts';

/** An engine of the pair, and what its steps took. */
export interface Half {
  readonly name: string;
  readonly id: number;
  state: EngineState;
  readonly made: Made;
  readonly timers: Map<string, number>;
  readonly inbox: Input[];
  alive: boolean;
  /** Milliseconds of CPU by the kind of input, and how many there were. */
  readonly spent: Map<string, { steps: number; total: number; worst: number }>;
}

/** Two engines in one process: messages in total order at once, agents that answer at once, timers in simulated time. */

export class Pair {
  readonly halves: readonly Half[];
  now = 1_800_000_000_000;
  largestMessage = 0;

  private readonly together: number;

  /** `together`: inputs heard in one step at most, as Corosync's and the agents' come in production. */
  constructor(config: ClusterConfig, together = 64) {
    this.together = together;
    this.halves = Object.values(config.nodes).map(({ name, id }) => ({
      name,
      id,
      state: initialState({
        self: name,
        incarnation: `incarnation-of-${name}`,
        boot: `boot-of-${name}`,
        config,
        now: milliseconds(this.now),
        digest,
      }),
      made: createMade(),
      timers: new Map(),
      inbox: [],
      alive: true,
      spent: new Map(),
    }));
  }

  /** Both begin, and hear of each other. */
  begin(): void {
    const members = this.halves.map(({ id }) => ({ node: id, process: id }));
    const nodes = this.halves.map(({ id }) => id);
    for (const half of this.halves) {
      half.inbox.push(
        { kind: 'transport', event: { kind: 'up', self: half.id } },
        { kind: 'transport', event: { kind: 'view', members, left: [] } },
        { kind: 'transport', event: { kind: 'ring', ring: { sequence: 1 }, nodes } },
        { kind: 'transport', event: { kind: 'quorum', ring: { sequence: 1 }, nodes, quorate: true } },
      );
    }
    this.work();
  }

  /** The power of one goes off; the other one is told as by Corosync. */
  lose(lost: Half): void {
    lost.alive = false;
    lost.inbox.length = 0;
    for (const half of this.halves.filter(({ alive }) => alive)) {
      const nodes = [half.id];
      const members = [{ node: half.id, process: half.id }];
      const left = [{ node: lost.id, reason: 'nodedown' as const }];
      half.inbox.push(
        { kind: 'transport', event: { kind: 'view', members, left } },
        { kind: 'transport', event: { kind: 'ring', ring: { sequence: 2 }, nodes } },
        { kind: 'transport', event: { kind: 'quorum', ring: { sequence: 2 }, nodes, quorate: true } },
      );
    }
    this.work();
  }

  hear(half: Half, input: Input): void {
    half.inbox.push(input);
    this.work();
  }

  /** Lets simulated time go by. */
  pass(duration: number): void {
    const until = this.now + duration;
    for (;;) {
      let next: { half: Half; name: string; at: number } | undefined;
      for (const half of this.halves.filter(({ alive }) => alive))
        for (const [name, at] of half.timers)
          if (at <= until && (next === undefined || at < next.at)) next = { half, name, at };
      if (next === undefined) break;
      this.now = Math.max(this.now, next.at);
      next.half.timers.delete(next.name);
      this.hear(next.half, { kind: 'timer', name: next.name });
    }
    this.now = until;
  }

  private work(): void {
    for (let worked = true; worked;) {
      worked = false;
      for (const half of this.halves) {
        if (half.inbox.length === 0 || !half.alive) continue;
        worked = true;
        this.take(half, half.inbox.splice(0, this.together));
      }
    }
  }

  private take(half: Half, inputs: readonly Input[]): void {
    const begun = process.threadCpuUsage().user / 1000;
    const { state, effects } = steps(half.state, inputs, milliseconds(this.now), digest);
    const took = process.threadCpuUsage().user / 1000 - begun;
    const kind = [...new Set(inputs.map(labelOf))].join(', ');
    const spent = half.spent.get(kind) ?? { steps: 0, total: 0, worst: 0 };
    spent.steps += 1;
    spent.total += took;
    spent.worst = Math.max(spent.worst, took);
    half.spent.set(kind, spent);
    half.state = state;
    for (const effect of effects) this.carryOut(half, effect);
  }

  private carryOut(half: Half, effect: Effect): void {
    switch (effect.kind) {
      case 'multicast':
        this.largestMessage = Math.max(this.largestMessage, Buffer.byteLength(effect.payload));
        for (const each of this.halves)
          if (each.alive)
            each.inbox.push({
              kind: 'transport',
              event: { kind: 'message', node: half.id, payload: effect.payload },
            });
        return;
      case 'perform': {
        const result = half.made.perform(effect.agent, effect.operation, effect.parameters);
        half.inbox.push({ kind: 'performed', work: effect.work, result });
        return;
      }
      case 'fence':
        half.inbox.push({
          kind: 'fenced',
          work: effect.work,
          result: { ok: true, value: effect.verb === 'off' ? 'off' : 'on' },
        });
        return;
      case 'append':
      case 'replace': {
        const { revision, hash } = effect;
        const replacement = effect.kind === 'replace' ? effect.replacement : undefined;
        half.inbox.push({ kind: 'stored', revision, hash, replacement, failure: undefined });
        return;
      }
      case 'timer':
        if (effect.delay === undefined) half.timers.delete(effect.name);
        else half.timers.set(effect.name, this.now + effect.delay);
        return;
      case 'reply':
      // Nobody changes the rules of quorum here.
      case 'witness':
      case 'watch':
      case 'unwatch':
      case 'lost':
      case 'event':
      case 'log':
        return;
    }
  }
}

function labelOf(input: Input): string {
  if (input.kind === 'timer') return `timer ${input.name.split(' ')[0] ?? ''}`;
  if (input.kind !== 'transport') return input.kind;
  const { event } = input;
  if (event.kind !== 'message') return event.kind;
  return `message ${/"message":."kind":"([a-z-]+)"/.exec(event.payload)?.[1] ?? ''}`;
}
