import { chmod, chown, unlink } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import {
  failed,
  failure,
  success,
  type EventRecord,
  type RequestKind,
  type RequestTerms,
  type Result,
} from '../../model/index.ts';
import type { Log } from '../../ports/index.ts';
import { refuse, serveConnection } from './connection.ts';
import { peerOf, type Peer } from './peer.ts';

/** Who asks. `gone` is aborted when the connection closes: then nobody waits for the answer any more. */
export interface Caller extends Peer {
  readonly gone: AbortSignal;
}

export interface EngineSocketOptions {
  readonly path: string;
  /** Permission bits of the socket's file, such as 0o660. */
  readonly mode: number;
  /** Group of the socket's file, so that the API may connect; left as it is where undefined. */
  readonly group?: number | undefined;
  readonly allow: (peer: Peer) => boolean;
  /** The request has the kind's outer shape only; its fields are the handler's to check. A throw is answered with `internal`. */
  readonly handle: (
    kind: RequestKind,
    request: object,
    caller: Caller,
    terms?: RequestTerms,
  ) => Promise<Result<unknown>>;
  /** Sends what comes after that sequence number (or from now on) until it is ended by the function it returns. */
  readonly subscribe: (after: number | undefined, send: (event: EventRecord) => void) => () => void;
  readonly log: Log;
}

export interface EngineSocket {
  /** Cuts all connections and removes the socket. */
  close(): Promise<void>;
}

/** Per user, so that the API's clients cannot keep root's tools and the DRBD handler out. */
const MOST_CONNECTIONS_PER_USER = 128;

/**
 * Listens for lines of JSON (`SocketRequest`, `SocketReply`). Every caller is known by the kernel's word (SO_PEERCRED).
 * `host_setup_failed` where it cannot listen.
 */
export async function createEngineSocket(options: EngineSocketOptions): Promise<Result<EngineSocket>> {
  const connections = new Set<Socket>();
  const perUser = new Map<number, number>();

  const accept = (socket: Socket): void => {
    socket.on('error', () => socket.destroy());
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    const peer = peerOf(socket);
    if (peer === undefined) {
      socket.destroy();
      return;
    }
    if (!options.allow(peer)) {
      options.log.warn('socket', `refused process ${peer.pid} of user ${peer.uid}`);
      refuse(socket, failure('not_allowed', `user ${peer.uid} may not talk to the engine`));
      return;
    }
    const count = perUser.get(peer.uid) ?? 0;
    if (count >= MOST_CONNECTIONS_PER_USER) {
      refuse(socket, failure('busy', `user ${peer.uid} has ${count} connections to the engine`));
      return;
    }
    perUser.set(peer.uid, count + 1);
    socket.on('close', () => {
      perUser.set(peer.uid, (perUser.get(peer.uid) ?? 1) - 1);
    });
    serveConnection(socket, peer, options);
  };

  const server = createServer(accept);
  try {
    // What an engine before this one left behind; there is one engine on a node.
    await unlink(options.path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.path, resolve);
    });
    if (options.group !== undefined) await chown(options.path, 0, options.group);
    await chmod(options.path, options.mode);
  } catch (error) {
    server.close();
    return failed(failure('host_setup_failed', `the engine's socket: ${(error as Error).message}`));
  }
  server.on('error', (error) => options.log.error('socket', error.message));

  return success({
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of connections) socket.destroy();
      }),
  });
}
