/**
 * Carries TCP connections across the border of the lab's network namespace. One process inside listens on sockets in the
 * file system and dials machines; one outside listens on the loopback and dials those sockets.
 *
 * Arguments: the state folder of the lab (only to be known by), then LISTEN=DIAL pairs; each side is a socket's path or
 * ADDRESS:PORT.
 */
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

type Place = { readonly path: string } | { readonly host: string; readonly port: number };

function readPlace(text: string): Place {
  if (text.startsWith('/')) return { path: text };
  const [host, port] = text.split(':');
  if (host === undefined || port === undefined)
    throw new Error(`"${text}" is neither a path nor ADDRESS:PORT`);
  return { host, port: Number(port) };
}

function join(caller: Socket, place: Place): void {
  const callee = connect({ ...place, allowHalfOpen: true });
  caller.pipe(callee);
  callee.pipe(caller);
  caller.on('error', () => callee.destroy());
  callee.on('error', () => caller.destroy());
  caller.on('close', () => callee.destroy());
  callee.on('close', () => caller.destroy());
}

for (const pair of process.argv.slice(3)) {
  const [listen, dial] = pair.split('=').map(readPlace);
  if (listen === undefined || dial === undefined) throw new Error(`"${pair}" is no LISTEN=DIAL`);
  if ('path' in listen) rmSync(listen.path, { force: true });
  createServer({ allowHalfOpen: true }, (caller) => join(caller, dial)).listen(listen);
}
