import type { ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import { failed, failure, success, type EventRecord, type Result } from '../model/index.ts';
import type { EngineGateway, Log } from '../ports/index.ts';
import type { ApiLimits } from './limits.ts';

/** Server-sent events: one subscription to the engine for each client, so that each can start where it stopped. */
export class EventStreams {
  readonly #gateway: EngineGateway;
  readonly #limits: ApiLimits;
  readonly #log: Log;
  readonly #open = new Set<AbortController>();
  readonly #sending = new Set<Promise<void>>();

  constructor(gateway: EngineGateway, limits: ApiLimits, log: Log) {
    this.#gateway = gateway;
    this.#limits = limits;
    this.#log = log;
  }

  /** Reserves a place; `busy` where all are taken. The function given back sends until client or engine goes away. */
  open(after: number | undefined): Result<(response: ServerResponse) => Promise<void>> {
    if (this.#open.size >= this.#limits.eventClients)
      return failed(failure('busy', `${this.#open.size} clients follow the events already`));
    const stream = new AbortController();
    this.#open.add(stream);
    return success((response) => {
      const sending = this.#send(response, after, stream).finally(() => this.#sending.delete(sending));
      this.#sending.add(sending);
      return sending;
    });
  }

  /** Ends all streams in order, so that clients see an end and not a broken connection. */
  async closeAll(): Promise<void> {
    for (const stream of this.#open) stream.abort();
    await Promise.allSettled(this.#sending);
  }

  async #send(response: ServerResponse, after: number | undefined, stream: AbortController): Promise<void> {
    response.on('close', () => stream.abort());
    response.on('error', () => stream.abort());
    if (response.destroyed) stream.abort();
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    // The client's pause before it comes again, and proof that the stream stands.
    response.write('retry: 2000\n: connected\n\n');
    const heartbeat = setInterval(
      () => this.#write(response, ': heartbeat\n\n', stream),
      this.#limits.heartbeat,
    );
    try {
      for await (const event of this.#gateway.events(after, stream.signal)) {
        this.#write(response, frame(event), stream);
        if (stream.signal.aborted) break;
      }
    } catch (problem) {
      if (!stream.signal.aborted) this.#log.warn('events', `The engine's events ended: ${String(problem)}`);
    } finally {
      clearInterval(heartbeat);
      this.#open.delete(stream);
      if (!response.destroyed) await finished(response.end()).catch(() => undefined);
    }
  }

  #write(response: ServerResponse, text: string, stream: AbortController): void {
    if (stream.signal.aborted) return;
    response.write(text);
    if (response.writableLength <= this.#limits.eventBacklog) return;
    this.#log.warn('events', 'A client that does not read its events is dropped');
    stream.abort();
    response.destroy();
  }
}

/** JSON has no line breaks outside of escapes, so one data line carries it. */
const frame = (event: EventRecord): string =>
  `id: ${event.sequence}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`;
