/**
 * Program: DRBD's fence-peer handler. drbdadm runs it with the pool's name in DRBD_RESOURCE and acts on its exit code:
 * 4 the peer is outdated, 6 the peer serves (this node is not promoted, and marks its own data as old), 7 the peer was
 * fenced; 1 leaves I/O frozen. Why 5 is never among them: agents/drbd/README.md. The kernel does not ask again by
 * itself, so this asks on for as long as it takes: I/O stays frozen meanwhile, which is right. Starts fast: imports the
 * socket's client, what reads the role, and nothing else.
 */
import { kernelRole } from '../../agents/drbd/kernel-role.ts';
import { askUntilConfirmed } from './ask-fencing.ts';

const socket = process.env['KEELSON_ENGINE_SOCKET'] ?? '/run/keelson/engine.sock';
const pool = process.env['DRBD_RESOURCE'];
if (pool === undefined) {
  console.error('fence-peer: DRBD_RESOURCE is not set');
  process.exit(1);
}
const tell = (line: string): void => console.error(line);
process.exit(await askUntilConfirmed(pool, { socket, tell, role: () => kernelRole(pool) }));
