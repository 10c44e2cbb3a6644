import { setTimeout as pause } from 'node:timers/promises';
import type { OperationId, OperationView, Result } from '../model/index.ts';
import type { EngineGateway } from '../ports/index.ts';

/** The end of an operation is told by an event; should the stream fail us, we look this often (milliseconds). */
const lookInterval = 1000;

/** Waits for operations on behalf of clients. All waiters share one stream of events, which is open only while one waits. */
export class OperationWait {
  readonly #gateway: EngineGateway;
  readonly #waiting = new Set<{ readonly subjects: ReadonlySet<string>; readonly wake: () => void }>();
  #stream: AbortController | undefined;

  constructor(gateway: EngineGateway) {
    this.#gateway = gateway;
  }

  get waiters(): number {
    return this.#waiting.size;
  }

  /** The operation as it stands when it has ended, when `limit` milliseconds have passed or the client has gone. */
  async untilEnd(operation: OperationView, limit: number, gone: AbortSignal): Promise<Result<OperationView>> {
    let last: Result<OperationView> = { ok: true, value: operation };
    const deadline = AbortSignal.any([gone, AbortSignal.timeout(limit)]);
    while (last.ok && last.value.state === 'running' && !deadline.aborted) {
      const told = this.#told(operation, deadline);
      const seen = await this.#look(operation.id);
      if (seen.ok && seen.value.state === 'running') await told.promise;
      told.forget();
      last = seen;
    }
    return last;
  }

  #look(id: OperationId): Promise<Result<OperationView>> {
    return this.#gateway.request('operation', { id });
  }

  /** Listens before the operation is looked at, so that an end in between is not missed. */
  #told(operation: OperationView, deadline: AbortSignal): { promise: Promise<void>; forget: () => void } {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const awake = new AbortController();
    const waiter = {
      subjects: new Set([operation.id, operation.subject]),
      wake: () => resolve(undefined),
    };
    this.#waiting.add(waiter);
    this.#listen();
    const either = AbortSignal.any([deadline, awake.signal]);
    const timer = pause(lookInterval, undefined, { signal: either }).catch(() => undefined);
    return {
      promise: Promise.race([promise, timer]).then(() => undefined),
      forget: () => {
        awake.abort();
        this.#waiting.delete(waiter);
        // Another round of the same client comes at once: only a pause without any waiter ends the stream.
        setImmediate(() => {
          if (this.#waiting.size > 0) return;
          this.#stream?.abort();
          this.#stream = undefined;
        });
      },
    };
  }

  #listen(): void {
    if (this.#stream !== undefined) return;
    const stream = new AbortController();
    this.#stream = stream;
    const follow = async (): Promise<void> => {
      for await (const event of this.#gateway.events(undefined, stream.signal)) {
        if (event.kind !== 'operation.succeeded' && event.kind !== 'operation.failed') continue;
        for (const { subjects, wake } of this.#waiting)
          if (event.subject !== undefined && subjects.has(event.subject)) wake();
      }
    };
    // An engine that goes away ends the stream; the waiters look by themselves and open it again.
    follow()
      .catch(() => undefined)
      .finally(() => {
        if (this.#stream === stream) this.#stream = undefined;
      });
  }
}
