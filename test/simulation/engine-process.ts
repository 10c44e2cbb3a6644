import {
  initialState,
  step,
  type Effect,
  type EngineRequest,
  type EngineState,
  type Input,
  type TransportInput,
} from '../../src/engine/index.ts';
import { milliseconds, type Failure, type LogEntry, type Result } from '../../src/model/index.ts';
import type { Machine } from './machine.ts';
import { digest } from './digest.ts';
import type { Appointment } from './time.ts';
import { Violation } from './violation.ts';
import { describeInput, describeEffect, textOf } from './words.ts';

/** One life of the engine on one machine: the unchanged state machine, its effects carried out by the simulated world. */
export class EngineProcess {
  readonly process: number;
  state: EngineState;
  private readonly machine: Machine;
  private alive = true;
  private paused = false;
  private readonly inbox: Input[] = [];
  private readonly timers = new Map<string, Appointment>();
  private readonly replies = new Map<number, (result: Result<unknown>) => void>();
  private nextRequest = 1;
  private working = false;

  constructor(machine: Machine, process: number) {
    this.machine = machine;
    this.process = process;
    const { random, time, store, name, boot } = machine;
    this.state = initialState({
      self: name,
      incarnation: random.hex(32),
      boot,
      synchronisedSinceBoot: machine.mayActAlone,
      config: store.config,
      now: milliseconds(time.now),
      digest,
    });
  }

  join(): void {
    this.machine.corosync.join(this.machine.id, {
      process: this.process,
      hear: (event: TransportInput) => this.hear({ kind: 'transport', event }),
    });
  }

  /** kill -9, or the power is gone. */
  die(): void {
    this.alive = false;
    for (const timer of this.timers.values()) timer.cancel();
    this.timers.clear();
    const failed: Result<unknown> = {
      ok: false,
      failure: { code: 'engine_unreachable', message: 'the engine has ended' },
    };
    for (const answered of this.replies.values()) answered(failed);
    this.replies.clear();
  }

  get isAlive(): boolean {
    return this.alive;
  }

  setPaused(paused: boolean): void {
    this.paused = paused;
    if (!paused) this.work();
  }

  request(kind: EngineRequest['kind'], body: object, answered: (result: Result<unknown>) => void): number {
    const id = this.nextRequest;
    this.nextRequest += 1;
    this.replies.set(id, answered);
    this.hear({ kind: 'request', id, request: { kind, body, entropy: this.machine.random.hex(32) } });
    return id;
  }

  /** The caller has gone: nobody is answered. */
  callerGone(id: number): void {
    if (!this.alive || !this.replies.delete(id)) return;
    this.hear({ kind: 'request-gone', id });
  }

  hear(input: Input): void {
    if (!this.alive) return;
    this.inbox.push(input);
    this.work();
  }

  private work(): void {
    if (this.working) return;
    this.working = true;
    while (this.alive && !this.paused) {
      const input = this.inbox.shift();
      if (input === undefined) break;
      this.take(input);
    }
    this.working = false;
  }

  private take(input: Input): void {
    const { machine } = this;
    const heard = describeInput(input);
    if (heard !== undefined) machine.story.tell(machine.name, `<- ${heard}`);
    let taken;
    try {
      taken = step(this.state, input, milliseconds(machine.time.now), digest);
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      throw new Violation('engine', `the engine of ${machine.name} threw: ${text}`);
    }
    this.state = taken.state;
    machine.mayActAlone = taken.state.mayActAlone;
    for (const effect of taken.effects) {
      const done = describeEffect(effect);
      if (done !== undefined) machine.story.tell(machine.name, `-> ${done}`);
      this.carryOut(effect);
    }
  }

  private carryOut(effect: Effect): void {
    const { machine } = this;
    switch (effect.kind) {
      case 'multicast':
        return machine.corosync.multicast(machine.id, this.process, effect.payload);
      case 'perform':
        return machine.agents.perform(effect, (result) =>
          this.hear({ kind: 'performed', work: effect.work, result }),
        );
      case 'fence':
        return machine
          .boardAt(textOf(effect.parameters['address']))
          .perform(effect.verb, effect.timeout, (result) =>
            this.hear({ kind: 'fenced', work: effect.work, result }),
          );
      case 'append':
      case 'replace':
        return this.store(effect);
      case 'reply': {
        const answered = this.replies.get(effect.id);
        this.replies.delete(effect.id);
        return answered?.(effect.result);
      }
      case 'timer':
        return this.setTimer(effect.name, effect.delay);
      case 'watch':
        machine.watched.add(effect.resource);
        return;
      case 'unwatch':
        machine.watched.delete(effect.resource);
        return;
      case 'event':
      case 'log':
        return;
    }
  }

  private store(effect: Extract<Effect, { kind: 'append' | 'replace' }>): void {
    const { revision, hash } = effect;
    const flushed = (failure: Failure | undefined): void =>
      this.hear({ kind: 'stored', revision, hash, failure });
    if (effect.kind === 'replace') return this.machine.store.write(effect, flushed);
    const entry = { revision, hash, entry: effect.entry as LogEntry };
    this.machine.store.write({ kind: 'append', entry }, flushed);
  }

  private setTimer(name: string, delay: number | undefined): void {
    this.timers.get(name)?.cancel();
    this.timers.delete(name);
    if (delay === undefined) return;
    this.timers.set(
      name,
      this.machine.time.after(delay, () => {
        this.timers.delete(name);
        this.hear({ kind: 'timer', name });
      }),
    );
  }

  /** Timers that are set: must stay few. */
  get timerCount(): number {
    return this.timers.size;
  }
}
