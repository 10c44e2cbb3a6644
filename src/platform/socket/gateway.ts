import { connect, type Socket } from 'node:net';
import {
  failed,
  failure,
  seconds,
  type EventRecord,
  type Failure,
  type Milliseconds,
  type ReplyOf,
  type RequestKind,
  type RequestOf,
  type RequestTerms,
  type Result,
  type SocketReply,
  type SocketRequest,
} from '../../model/index.ts';
import type { EngineGateway } from '../../ports/index.ts';
import { createLineReader, parseLine } from './lines.ts';

export interface EngineGatewayOptions {
  readonly path: string;
  /** Deadline of a request. */
  readonly timeout: Milliseconds;
  /** Other deadlines for some kinds, beside those that are long anyway: `cluster.*` and `fence-peer`. */
  readonly timeouts?: Partial<Readonly<Record<RequestKind, Milliseconds>>>;
}

/** What sets a node up, or waits for a fencing, takes its time. */
const longTimeouts: Partial<Readonly<Record<RequestKind, Milliseconds>>> = {
  'cluster.init': seconds(300),
  'cluster.join': seconds(300),
  'cluster.admit': seconds(60),
  'fence.discover': seconds(60),
  'witness.add': seconds(300),
  doctor: seconds(180),
  'setup.look': seconds(300),
  'setup.join': seconds(330),
  'setup.invited': seconds(310),
  'doctor.examine': seconds(150),
  'fence-peer': seconds(60),
};

const MOST_PENDING = 1024;
/** How long a connection is tried for: rides out a restart of the engine, and no more. */
const CONNECT_PATIENCE = 3000;
const CONNECT_AGAIN = 100;
/** Bytes of one reply line; far above what a status of hundreds of LUNs takes. */
const REPLY_LIMIT = 16 * 1024 * 1024;

const unreachable = (message: string): Failure => failure('engine_unreachable', message);

/** Undefined where nobody listens. */
const dial = (path: string): Promise<Socket | undefined> =>
  new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    socket.on('error', () => {
      socket.destroy();
      resolve(undefined);
    });
  });

/** Tries for a while; undefined where nobody listened in that time. */
async function dialPatiently(path: string, patience: number): Promise<Socket | undefined> {
  const until = performance.now() + patience;
  for (;;) {
    const socket = await dial(path);
    if (socket !== undefined || performance.now() >= until) return socket;
    await new Promise((resolve) => setTimeout(resolve, CONNECT_AGAIN));
  }
}

const write = (socket: Socket, line: SocketRequest): void => {
  socket.write(`${JSON.stringify(line)}\n`);
};

/**
 * The way to the engine over its unix socket: one connection for all requests, made when needed and made again when
 * lost; one more for every stream of events. Requests under way when the engine goes are answered with
 * `engine_unreachable`: whether they were carried out is not known. More than 1024 at once: `busy`.
 */
export function createEngineGateway(options: EngineGatewayOptions): EngineGateway & { close(): void } {
  const pending = new Map<number, (result: Result<unknown>) => void>();
  const timeouts = { ...longTimeouts, ...options.timeouts };
  let nextId = 1;
  let connection: Promise<Socket | undefined> | undefined;

  let current: Socket | undefined;

  /** Only the present connection's end concerns what is pending. */
  const lost = (socket: Socket, why: Failure): void => {
    if (current !== socket) return;
    current = undefined;
    connection = undefined;
    for (const settle of [...pending.values()]) settle(failed(why));
  };

  const attach = (socket: Socket): void => {
    current = socket;
    const reader = createLineReader(REPLY_LIMIT);
    socket.on('data', (chunk: Buffer) => {
      const lines = reader.push(chunk);
      if (lines === 'too-long') {
        socket.destroy();
        return;
      }
      for (const line of lines) {
        const reply = parseLine(line) as SocketReply;
        if (!('result' in reply)) continue;
        // The connection itself was refused.
        if (reply.id === 0 && !reply.result.ok) lost(socket, reply.result.failure);
        pending.get(reply.id)?.(reply.result);
      }
    });
    socket.on('close', () => lost(socket, unreachable('the engine closed the connection')));
  };

  const connected = (): Promise<Socket | undefined> => {
    connection ??= dialPatiently(options.path, Math.min(options.timeout, CONNECT_PATIENCE)).then((socket) => {
      if (socket === undefined) connection = undefined;
      else attach(socket);
      return socket;
    });
    return connection;
  };

  const ask = (line: SocketRequest, timeout: number): Promise<Result<unknown>> =>
    new Promise((resolve) => {
      const settle = (result: Result<unknown>): void => {
        clearTimeout(deadline);
        pending.delete(line.id);
        resolve(result);
      };
      const deadline = setTimeout(
        () => settle(failed(unreachable(`the engine did not answer within ${timeout / 1000} s`))),
        timeout,
      );
      pending.set(line.id, settle);
      void connected().then((socket) => {
        if (!pending.has(line.id)) return;
        if (socket === undefined) settle(failed(unreachable('nobody listens on the engine’s socket')));
        else write(socket, line);
      });
    });

  return {
    async request<Kind extends RequestKind>(
      kind: Kind,
      request: RequestOf<Kind>,
      terms?: RequestTerms,
    ): Promise<Result<ReplyOf<Kind>>> {
      if (pending.size >= MOST_PENDING)
        return failed(failure('busy', `${MOST_PENDING} requests are waiting`));
      const timeout = timeouts[kind] ?? options.timeout;
      return (await ask({ id: nextId++, kind, request, terms }, timeout)) as Result<ReplyOf<Kind>>;
    },
    events: (after, signal) => streamEvents(options.path, after, signal),
    close() {
      void connection?.then((socket) => socket?.destroy());
    },
  };
}

/** Reads no faster than it is asked for: the engine cuts a reader that lags far behind. */
async function* streamEvents(
  path: string,
  after: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<EventRecord> {
  const socket = await dialPatiently(path, CONNECT_PATIENCE);
  if (socket === undefined) return;
  const stop = (): void => {
    socket.destroy();
  };
  signal.addEventListener('abort', stop);
  try {
    if (signal.aborted) return;
    write(socket, { id: 1, kind: 'subscribe', after });
    const reader = createLineReader();
    for await (const chunk of socket) {
      const lines = reader.push(chunk as Buffer);
      if (lines === 'too-long') return;
      for (const line of lines) {
        const reply = parseLine(line) as SocketReply;
        if (!('event' in reply)) return;
        yield reply.event;
      }
    }
  } catch {
    // The engine went away or the signal aborted: the stream ends.
  } finally {
    signal.removeEventListener('abort', stop);
    socket.destroy();
  }
}
