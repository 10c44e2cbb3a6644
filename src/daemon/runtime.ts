import { step, type Effect, type EngineRequest, type EngineState, type Input } from '../engine/index.ts';
import { assertNever, failed, failure, milliseconds, type Result } from '../model/index.ts';
import type {
  AgentRunner,
  Clock,
  FenceRunner,
  Log,
  Random,
  Snapshot,
  Store,
  Transport,
} from '../ports/index.ts';
import type { EventHistory } from './event-history.ts';
import { asLogEntry } from './restore.ts';

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
  /** Corosync is gone on this node; called again and again until it is back. */
  readonly reviveCorosync: () => void;
  /** Told after every step, before any of its effects: whether the next engine of this boot may act without the peer. */
  readonly mayActAlone: (value: boolean) => void;
  /** What this engine knows cannot be trusted any more: it must end, so that a new one starts and learns anew. */
  readonly giveUp: (reason: string) => void;
}

/** Entries in the log from which on it is written anew as one snapshot. */
const COMPACT_AT = 500;
/** A request that was not answered by then has no caller any more. */
const REQUEST_FORGOTTEN = milliseconds(620_000);

export interface Runtime {
  /** `body` is what the schema of its kind wants. Once `gone` is aborted nobody waits for the answer. */
  request(kind: EngineRequest['kind'], body: object, gone: AbortSignal): Promise<Result<unknown>>;
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
  let running = false;

  /** Inputs that effects cause at once wait for their turn: the engine is never entered twice. */
  function hear(input: Input): void {
    inbox.push(input);
    if (running) return;
    running = true;
    try {
      for (let next = inbox.shift(); next !== undefined; next = inbox.shift()) {
        const result = step(state, next, world.clock.now(), world.digest);
        state = result.state;
        world.mayActAlone(state.mayActAlone);
        result.effects.forEach(perform);
      }
    } catch (error) {
      world.giveUp(error instanceof Error ? (error.stack ?? error.message) : String(error));
    } finally {
      running = false;
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
      case 'append':
        return append(effect);
      case 'replace':
        return write({ revision: effect.revision, hash: effect.hash, config: effect.config });
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

  function append({ revision, hash, entry }: Extract<Effect, { kind: 'append' }>): void {
    entries += 1;
    const written = world.store.append({ revision, hash, entry: asLogEntry(entry) });
    whenDone(written, (result) => onStored(revision, hash, result));
    if (entries < COMPACT_AT) return;
    entries = 0;
    const config = JSON.stringify(state.config.current);
    const { hash: snapshotHash } = state.config;
    write({ revision: state.config.current.revision, hash: snapshotHash, config });
  }

  /** The store keeps the order of the calls: a snapshot is written after the entries before it. */
  function write(snapshot: Snapshot): void {
    whenDone(world.store.replace(snapshot), (result) => onStored(snapshot.revision, snapshot.hash, result));
  }

  function onStored(revision: number, hash: string, result: Result<void>): void {
    if (!result.ok) world.log.error('store', result.failure.message);
    hear({ kind: 'stored', revision, hash, failure: result.ok ? undefined : result.failure });
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

  return {
    request(kind, body, gone) {
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
        hear({ kind: 'request', id, request: { kind, body, entropy: world.random.hex(16) } });
        if (gone.aborted) left();
      });
    },
    state: () => state,
  };
}
