import {
  initialState,
  steps,
  legacyOf,
  type Effect,
  type EngineRequest,
  type EngineState,
  type Input,
  type TransportInput,
} from '../../src/engine/index.ts';
import {
  milliseconds,
  success,
  type Failure,
  type LogEntry,
  type Observation,
  type OperationName,
  type RequestTerms,
  type Result,
} from '../../src/model/index.ts';
import type { Machine } from './machine.ts';
import { digest } from './digest.ts';
import type { Appointment } from './time.ts';
import { checkCallers } from './properties/bounds.ts';
import { Answers, checkDeadline } from './properties/deadlines.ts';
import { Dealings } from './properties/dealings.ts';
import { checkHandsOff } from './properties/hands-off.ts';
import { Orders } from './properties/orders.ts';
import { OwnWord } from './properties/own-word.ts';
import { Quorate } from './properties/quorate.ts';
import { subjectOf } from './agent-lies.ts';
import { Violation } from './violation.ts';
import { describeInput, describeEffect, textOf } from './words.ts';

/** An operation may succeed and have had no effect. */
const isDone = (operation: OperationName, { state }: Observation): boolean =>
  operation === 'monitor' ? state !== 'failed' : operation !== 'start' || state !== 'stopped';

const isWithdrawal = (payload: string): boolean =>
  payload.includes('"kind":"fence-withdrawn"') && payload.includes('"reason":"the replication of');

/** One life of the engine on one machine: the unchanged state machine, its effects carried out by the simulated world. */
export class EngineProcess {
  readonly process: number;
  state: EngineState;
  readonly answers = new Answers();
  readonly dealings: Dealings;
  readonly quorate: Quorate;
  private readonly machine: Machine;
  private alive = true;
  private paused = false;
  private readonly orders: Orders;
  private readonly ownWord = new OwnWord();
  private readonly inbox: { readonly input: Input; readonly view: string }[] = [];
  private readonly timers = new Map<string, Appointment>();
  private readonly replies = new Map<number, (result: Result<unknown>) => void>();
  private nextRequest = 1;
  private working = false;

  constructor(machine: Machine, process: number) {
    this.machine = machine;
    this.process = process;
    this.orders = new Orders(machine.name);
    this.dealings = new Dealings(machine.name);
    this.quorate = new Quorate(machine.name);
    const { random, store, name, boot } = machine;
    this.state = initialState({
      self: name,
      incarnation: random.hex(32),
      boot,
      legacy: machine.legacy,
      config: store.config,
      damage: store.damage,
      ...(store.trail === undefined ? {} : { trail: store.trail }),
      now: milliseconds(machine.uptime),
      digest,
    });
  }

  tellClock(): void {
    this.hear({ kind: 'clock', offset: milliseconds(this.machine.clockOffset) });
  }

  join(): void {
    this.tellClock();
    this.machine.moments.tell('an engine starts', this.machine);
    this.machine.corosync.join(this.machine.id, {
      process: this.process,
      hear: (event: TransportInput, view = '') => this.hear({ kind: 'transport', event }, view),
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
    const waiting = [...this.replies.values()];
    this.replies.clear();
    for (const answered of waiting) answered(failed);
  }

  get isAlive(): boolean {
    return this.alive;
  }

  get isPaused(): boolean {
    return this.paused;
  }

  /** Nothing is under way, nor is anything that it was told to do. */
  get isAtRest(): boolean {
    return this.dealings.isIdle && this.inbox.length === 0 && this.orders.isEmpty(this.state.view.generation);
  }

  setPaused(paused: boolean): void {
    this.paused = paused;
    if (!paused) this.work();
  }

  request(
    kind: EngineRequest['kind'],
    body: object,
    answered: (result: Result<unknown>) => void,
    terms?: RequestTerms,
  ): number {
    const id = this.nextRequest;
    this.nextRequest += 1;
    this.replies.set(id, answered);
    this.hear({ kind: 'request', id, request: { kind, body, entropy: this.machine.random.hex(32), terms } });
    return id;
  }

  /** The caller has gone: nobody is answered. */
  callerGone(id: number): void {
    if (!this.alive || !this.replies.delete(id)) return;
    this.hear({ kind: 'request-gone', id });
  }

  /** `view`: of a view its name, of a message the one that its sender was in. */
  hear(input: Input, view = ''): void {
    if (!this.alive) return;
    this.machine.moments.heard(input, this.machine);
    this.inbox.push({ input, view });
    this.work();
  }

  private work(): void {
    if (this.working) return;
    this.working = true;
    // As in production, what came together is heard together: most after a pause.
    while (this.alive && !this.paused && this.inbox.length > 0) {
      const heard = this.inbox.splice(0);
      for (const { input, view } of heard) {
        if (input.kind === 'transport') this.note(input.event, view);
        if (input.kind === 'performed') this.orders.free();
      }
      this.take(heard.map(({ input }) => input));
      this.ownWord.check(this.state);
      this.orders.settle();
      this.quorate.settle();
    }
    if (this.alive && !this.paused) checkCallers(this.machine.name, this.state.requests, this.replies);
    this.working = false;
  }

  private note(event: TransportInput, view: string): void {
    this.quorate.hear(event, this.machine.time.now);
    if (event.kind === 'view' || event.kind === 'down') this.orders.enter(view);
    if (event.kind === 'down') this.ownWord.forget();
    if (event.kind !== 'message') return;
    this.orders.hear(event.payload, event.node, view);
    if (event.node === this.machine.id) this.ownWord.hear(event.payload);
  }

  private take(inputs: readonly Input[]): void {
    const { machine } = this;
    for (const input of inputs) {
      const heard = describeInput(input);
      if (heard !== undefined) machine.story.tell(machine.name, `<- ${heard}`);
    }
    let taken;
    try {
      taken = steps(this.state, inputs, milliseconds(machine.uptime), digest);
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      throw new Violation('engine', `the engine of ${machine.name} threw: ${text}`);
    }
    const before = this.state;
    this.state = taken.state;
    machine.legacy = legacyOf(taken.state);
    for (const effect of taken.effects) {
      const done = describeEffect(effect);
      if (done !== undefined) machine.story.tell(machine.name, `-> ${done}`);
      checkHandsOff(machine.name, before.config.current, taken.state.config.current, effect);
      this.quorate.checkOrder(effect);
      if (effect.kind === 'multicast' && isWithdrawal(effect.payload)) machine.withdraws();
      this.carryOut(effect);
      machine.moments.done(effect, machine);
    }
  }

  private carryOut(effect: Effect): void {
    const { machine } = this;
    switch (effect.kind) {
      case 'multicast':
        return machine.corosync.multicast(machine.id, {
          process: this.process,
          payload: effect.payload,
          view: this.orders.presentView,
        });
      case 'perform':
        return this.perform(effect);
      case 'fence':
        checkDeadline(`fence ${effect.verb}`, effect.timeout);
        return machine
          .boardAt(textOf(effect.parameters['address']))
          .perform(effect.verb, effect.timeout, (result) =>
            this.hear({ kind: 'fenced', work: effect.work, result }),
          );
      case 'witness':
        // The simulated clusters have their witness from the beginning, and nobody asks for a change.
        if (effect.task.kind !== 'keys')
          throw new Violation('engine', `${machine.name} changes a witness that nobody asked for`);
        machine.authkey = effect.task.authkey;
        return this.hear({ kind: 'witness-done', work: effect.work, result: success(undefined) });
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
      case 'lost':
      case 'event':
      case 'log':
        return;
    }
  }

  private perform(effect: Extract<Effect, { kind: 'perform' }>): void {
    const { machine } = this;
    const { operation } = effect;
    const { generation } = this.state.view;
    const resource = effect.work.slice(effect.work.indexOf(' ') + 1);
    const isOwnLook = this.state.executor.work.get(resource)?.kind === 'monitor';
    checkDeadline(`${effect.agent} ${operation}`, effect.timeout);
    machine.begin(effect, this.orders.begin(effect, generation));
    this.dealings.begin(effect, machine.time.now, generation);
    if (operation === 'start' || operation === 'promote')
      machine.unstopped.forgive(subjectOf(machine.name, effect));
    machine.agents.perform(effect, (result) => {
      this.dealings.end(effect, result, machine.time.now, generation);
      const isWell = result.ok && isDone(operation, result.value);
      machine.unforeseen.ended(effect, isWell, machine.time.now, isOwnLook);
      const isStop = operation === 'stop' || operation === 'demote';
      if (isStop && !result.ok && this.alive) machine.unstopped.note(machine, effect);
      this.hear({ kind: 'performed', work: effect.work, result });
    });
  }

  private store(effect: Extract<Effect, { kind: 'append' | 'replace' }>): void {
    const { revision, hash } = effect;
    const flushed = (failure: Failure | undefined): void =>
      this.hear({
        kind: 'stored',
        revision,
        hash,
        replacement: effect.kind === 'replace' ? effect.replacement : undefined,
        failure,
      });
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
