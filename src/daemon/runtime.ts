import {
  canonical,
  steps,
  type Effect,
  type EngineRequest,
  type EngineState,
  type Input,
  type Legacy,
  legacyOf,
} from '../engine/index.ts';
import {
  assertNever,
  failed,
  failure,
  milliseconds,
  type NodeTask,
  type RequestTerms,
  type Result,
} from '../model/index.ts';
import type {
  AgentRunner,
  Clock,
  FenceRunner,
  HealthSource,
  Log,
  Random,
  Snapshot,
  Store,
  Transport,
} from '../ports/index.ts';
import type { EventHistory } from './event-history.ts';
import { asLogEntry } from './restore.ts';

type Stored = Extract<Input, { kind: 'stored' }>;

export interface World {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly digest: (text: string) => string;
  readonly transport: Transport;
  readonly store: Store;
  readonly agents: AgentRunner;
  readonly fencing: FenceRunner;
  readonly events: EventHistory;
  /** Carries out this node's part of a change of the witness. */
  readonly witness: (task: NodeTask) => Promise<Result<void>>;
  /** Parts of this node that notice by themselves what a person should know. */
  readonly health?: readonly HealthSource[];
  /** Corosync is gone on this node; called again and again until it is back. */
  readonly reviveCorosync: () => void;
  /**
   * Told after every step, before any of its effects: whether the next engine of this boot may act without the peer,
   * and who is off.
   */
  readonly bequeath: (legacy: Legacy | undefined) => void;
  /** Told when the cluster's status or configuration is another one than before. */
  readonly changed?: () => void;
  /** What this engine knows cannot be trusted any more: it must end, so that a new one starts and learns anew. */
  readonly giveUp: (reason: string) => void;
}

/** Entries in the log from which on it is written anew as one snapshot. */
const COMPACT_AT = 500;
/** A request that was not answered by then has no caller any more. */
const REQUEST_FORGOTTEN = milliseconds(620_000);

/** How often the time of day is compared, and from which difference on (in milliseconds) it is told again. */
const TIME_OF_DAY_EVERY = milliseconds(5000);
const TIME_OF_DAY_TOLERANCE = 200;

export interface Runtime {
  /** `body` is what the schema of its kind wants. Once `gone` is aborted nobody waits for the answer. */
  request(
    kind: EngineRequest['kind'],
    body: object,
    gone: AbortSignal,
    terms?: RequestTerms,
  ): Promise<Result<unknown>>;
  state(): EngineState;
}

/** Runs the pure engine in the real world: inputs one at a time, effects done at the edge, answers as new inputs. */
export function startRuntime(initial: EngineState, world: World, entriesOnDisk: number): Runtime {
  let state = initial;
  let nextRequest = 1;
  let entries = entriesOnDisk;
  const timers = new Map<string, { cancel(): void }>();
  const replies = new Map<number, (result: Result<unknown>) => void>();
  const inbox: Input[] = [];

  /** What is heard in the same turn is heard together: a round of monitors or a failover tells hundreds of things. */
  function hear(input: Input): void {
    inbox.push(input);
    if (inbox.length === 1) queueMicrotask(take);
  }

  function take(): void {
    const inputs = inbox.splice(0);
    try {
      const result = steps(state, inputs, world.clock.monotonic(), world.digest);
      if (result.state.status !== state.status || result.state.config !== state.config) world.changed?.();
      state = result.state;
      world.bequeath(legacyOf(state));
      result.effects.forEach(perform);
      if (entries >= COMPACT_AT) compact();
    } catch (error) {
      world.giveUp(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }

  function perform(effect: Effect): void {
    switch (effect.kind) {
      case 'multicast':
        return world.transport.multicast(effect.payload);
      case 'perform': {
        const { work, agent, operation, parameters, timeout } = effect;
        return whenDone(world.agents.perform({ agent, operation, parameters, timeout }), (result) =>
          hear({ kind: 'performed', work, result }),
        );
      }
      case 'fence': {
        const { work, agent, verb, parameters, timeout } = effect;
        return whenDone(world.fencing.perform({ agent, verb, parameters, timeout }), (result) =>
          hear({ kind: 'fenced', work, result }),
        );
      }
      case 'witness':
        return whenDone(world.witness(effect.task), (result) =>
          hear({ kind: 'witness-done', work: effect.work, result }),
        );
      case 'append':
        return append(effect);
      case 'replace':
        return write(asSnapshot(effect), effect.replacement);
      case 'lost':
        return whenDone(world.store.keepLoss({ ...effect.loss, at: world.clock.now() }), (result) => {
          if (!result.ok) world.log.error('store', `not kept: ${result.failure.message}`);
        });
      case 'reply':
        replies.get(effect.id)?.(effect.result);
        replies.delete(effect.id);
        return;
      case 'timer':
        return setTimer(effect.name, effect.delay);
      case 'watch':
        return world.agents.watch(effect.resource, effect.agent, effect.parameters, () =>
          hear({ kind: 'hint', resource: effect.resource }),
        );
      case 'unwatch':
        return world.agents.unwatch(effect.resource);
      case 'event':
        world.log.info('event', effect.event.message);
        return world.events.add(effect.event);
      case 'log':
        return world.log[effect.level]('engine', effect.message);
      default:
        return assertNever(effect);
    }
  }

  function whenDone<Value>(promise: Promise<Value>, then: (value: Value) => void): void {
    promise.then(then).catch((error: unknown) => world.giveUp(`a runner threw: ${String(error)}`));
  }

  const asSnapshot = (effect: Extract<Effect, { kind: 'replace' }>): Snapshot => ({
    revision: effect.revision,
    hash: effect.hash,
    config: effect.config,
    ...(effect.undoneAfter === undefined ? {} : { undoneAfter: effect.undoneAfter }),
  });

  function append({ revision, hash, entry }: Extract<Effect, { kind: 'append' }>): void {
    entries += 1;
    const written = world.store.append({ revision, hash, entry: asLogEntry(entry) });
    whenDone(written, (result) => onStored({ revision, hash }, result));
  }

  /**
   * After the effects of a step: what the snapshot holds of the state are then all the entries that were given to the
   * store, and none that is still to come, so that the log goes on where the snapshot ends.
   */
  function compact(): void {
    const { current, hash } = state.config;
    write({ revision: current.revision, hash, config: canonical(current) });
  }

  /** The store keeps the order of the calls: a snapshot is written after the entries before it. */
  function write(snapshot: Snapshot, replacement?: string): void {
    entries = 0;
    const { revision, hash } = snapshot;
    whenDone(world.store.replace({ ...snapshot, at: world.clock.now() }), (result) =>
      onStored({ revision, hash, replacement }, result),
    );
  }

  function onStored(what: Omit<Stored, 'kind' | 'failure'>, result: Result<void>): void {
    if (!result.ok) world.log.error('store', result.failure.message);
    hear({ kind: 'stored', ...what, failure: result.ok ? undefined : result.failure });
  }

  function setTimer(name: string, delay: number | undefined): void {
    timers.get(name)?.cancel();
    timers.delete(name);
    if (delay === undefined) return;
    const armed = world.clock.after(milliseconds(delay), () => {
      timers.delete(name);
      hear({ kind: 'timer', name });
    });
    timers.set(name, armed);
  }

  world.transport.start((event) => {
    hear({ kind: 'transport', event });
    if (event.kind === 'down') world.reviveCorosync();
  });

  /** The time of day is told to the engine when it has jumped or drifted. */
  function followTimeOfDay(told: number | undefined): void {
    const offset = milliseconds(world.clock.now() - world.clock.monotonic());
    const isNew = told === undefined || Math.abs(offset - told) >= TIME_OF_DAY_TOLERANCE;
    if (isNew) hear({ kind: 'clock', offset });
    world.clock.after(TIME_OF_DAY_EVERY, () => followTimeOfDay(isNew ? offset : told));
  }
  followTimeOfDay(undefined);

  for (const source of world.health ?? [])
    source.start((key, failure) => hear({ kind: 'notice', key, failure }));

  return {
    request(kind, body, gone, terms) {
      const id = nextRequest;
      nextRequest += 1;
      return new Promise((resolve) => {
        const forget = (why: string): void => {
          if (!replies.delete(id)) return;
          done();
          hear({ kind: 'request-gone', id });
          resolve(failed(failure('engine_unreachable', why)));
        };
        const left = (): void => forget('the caller has gone');
        const forgotten = world.clock.after(REQUEST_FORGOTTEN, () =>
          forget('the request was not answered in time'),
        );
        const done = (): void => {
          forgotten.cancel();
          gone.removeEventListener('abort', left);
        };
        gone.addEventListener('abort', left);
        replies.set(id, (result) => {
          done();
          resolve(result);
        });
        hear({ kind: 'request', id, request: { kind, body, entropy: world.random.hex(16), terms } });
        if (gone.aborted) left();
      });
    },
    state: () => state,
  };
}
