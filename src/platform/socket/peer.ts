import type { Socket } from 'node:net';
import { koffi } from '../foreign.ts';

/** Who is at the other end of a unix socket, as the kernel saw it when the connection was made. */
export interface Peer {
  readonly uid: number;
  readonly gid: number;
  readonly pid: number;
}

/** Linux's numbers, from <asm-generic/socket.h>. */
const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
/** `struct ucred`: pid, uid, gid, four bytes each. */
const UCRED_BYTES = 12;

type GetSocketOption = (
  descriptor: number,
  level: number,
  name: number,
  value: Buffer,
  length: number[],
) => number;

let getsockopt: GetSocketOption | undefined;

function load(): GetSocketOption {
  getsockopt ??= koffi
    .load('libc.so.6')
    .func('int getsockopt(int, int, int, _Out_ void *, _Inout_ uint32_t *)') as unknown as GetSocketOption;
  return getsockopt;
}

/** Node shows the descriptor of a connection through its handle only. */
interface HandleOfSocket {
  readonly _handle?: { readonly fd?: number } | null;
}

/** Undefined where the connection is closed already. */
export function peerOf(socket: Socket): Peer | undefined {
  const descriptor = (socket as unknown as HandleOfSocket)._handle?.fd;
  if (descriptor === undefined || descriptor < 0) return undefined;
  const value = Buffer.alloc(UCRED_BYTES);
  const length = [UCRED_BYTES];
  if (load()(descriptor, SOL_SOCKET, SO_PEERCRED, value, length) !== 0) return undefined;
  return { pid: value.readInt32LE(0), uid: value.readUInt32LE(4), gid: value.readUInt32LE(8) };
}
