import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import { failed, failure, type Failure, type SocketReply, type SocketRequest } from '../../model/index.ts';
import { createLineReader, parseLine } from './lines.ts';
import type { Peer } from './peer.ts';
import { readRequest } from './request.ts';
import type { EngineSocketOptions } from './server.ts';

/** Requests of one connection that may wait for an answer at a time. */
const MOST_IN_FLIGHT = 64;
/** Bytes of answers and events that wait for a client that does not read; more, and the connection is cut. */
const MOST_UNREAD = 8 * 1024 * 1024;

/** Stands for the connection itself where a line names no request; clients count from 1. */
const CONNECTION_ID = 0;

/** Milliseconds that a refused client gets to read why. */
const REFUSAL = 1000;

/** Says why, and closes. */
export function refuse(socket: Socket, why: Failure): void {
  const reply: SocketReply = { id: CONNECTION_ID, result: failed(why) };
  // What the client sends is read and thrown away: unread, it would hide that the client has closed.
  socket.resume();
  socket.end(`${JSON.stringify(reply)}\n`);
  const timer = setTimeout(() => socket.destroy(), REFUSAL);
  socket.once('close', () => clearTimeout(timer));
}

/** Serves one connection until it closes. */
export function serveConnection(
  socket: Socket,
  peer: Peer,
  { handle, subscribe, log }: EngineSocketOptions,
): void {
  const reader = createLineReader();
  let inFlight = 0;
  let unsubscribe: (() => void) | undefined;
  let closed = false;
  const gone = new AbortController();
  // Each pending request listens; their number is bounded.
  setMaxListeners(MOST_IN_FLIGHT, gone.signal);
  const caller = { ...peer, gone: gone.signal };

  const send = (reply: SocketReply): void => {
    if (closed) return;
    if (socket.writableLength > MOST_UNREAD) {
      log.warn('socket', `process ${peer.pid} does not read what it asked for; its connection is cut`);
      socket.destroy();
      return;
    }
    socket.write(`${JSON.stringify(reply)}\n`);
  };

  const refuseLine = (why: Failure): void => {
    closed = true;
    refuse(socket, why);
  };

  const answer = async (asked: Exclude<SocketRequest, { kind: 'subscribe' }>): Promise<void> => {
    if (inFlight >= MOST_IN_FLIGHT) {
      const why = failure('busy', `${MOST_IN_FLIGHT} requests of this connection are waiting`);
      send({ id: asked.id, result: failed(why) });
      return;
    }
    inFlight += 1;
    try {
      send({ id: asked.id, result: await handle(asked.kind, asked.request, caller, asked.terms) });
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      log.error('socket', `${asked.kind}: ${text}`);
      send({ id: asked.id, result: failed(failure('internal', `${asked.kind} failed; see the log`)) });
    }
    inFlight -= 1;
  };

  const take = (line: string): void => {
    const value = parseLine(line);
    if (value === undefined) {
      refuseLine(failure('body_not_json', 'a line is not JSON'));
      return;
    }
    const asked = readRequest(value);
    if (asked === undefined || unsubscribe !== undefined) {
      refuseLine(failure('body_invalid', 'a line is no request of this socket'));
      return;
    }
    if (asked.kind === 'subscribe') {
      unsubscribe = subscribe(asked.after, (event) => send({ id: asked.id, event }));
    } else {
      void answer(asked);
    }
  };

  socket.on('data', (chunk: Buffer) => {
    if (closed) return;
    const lines = reader.push(chunk);
    if (lines === 'too-long') {
      refuseLine(failure('body_too_large', 'a line is over 2 MiB'));
      return;
    }
    for (const line of lines) {
      // A refused line ends the connection; what came behind it in the same chunk is not obeyed.
      if (socket.writableEnded) return;
      take(line);
    }
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    closed = true;
    unsubscribe?.();
    gone.abort();
  });
}
