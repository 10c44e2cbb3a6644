/**
 * Program: DRBD's fence-peer handler. drbdadm runs it with the pool's name in DRBD_RESOURCE and acts on its exit code:
 * 4 the peer is outdated, 7 the peer was fenced; 1 leaves I/O frozen. The kernel does not ask again by itself, so this
 * asks on for as long as it takes: I/O stays frozen meanwhile, which is right. Starts fast: imports the socket's client
 * and nothing else.
 */
import { askUntilConfirmed } from './ask-fencing.ts';

const socket = process.env['KEELSON_ENGINE_SOCKET'] ?? '/run/keelson/engine.sock';
const pool = process.env['DRBD_RESOURCE'];
if (pool === undefined) console.error('fence-peer: DRBD_RESOURCE is not set');
process.exit(
  pool === undefined ? 1 : await askUntilConfirmed(pool, { socket, tell: (line) => console.error(line) }),
);
