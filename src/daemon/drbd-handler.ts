/**
 * Program: DRBD's fence-peer handler. drbdadm runs it with the pool's name in DRBD_RESOURCE and acts on its exit code:
 * 4 the peer is outdated, 7 the peer was fenced; 1 leaves I/O frozen. The kernel does not ask again by itself, so this
 * asks on while the engine restarts or cannot confirm yet. Starts fast: imports the socket's client and nothing else.
 */
import { seconds } from '../model/units.ts';
import { failures } from '../model/failure.ts';
import { createEngineGateway } from '../platform/socket/gateway.ts';

/** Milliseconds between two questions, and until it gives up. */
const AGAIN = 500;
const GENEROUS = 600_000;

const socket = process.env['KEELSON_ENGINE_SOCKET'] ?? '/run/keelson/engine.sock';

/** What may pass by itself: the engine restarts, quorum is being found, the fence device does not answer yet. */
const mayPass = (code: keyof typeof failures): boolean => failures[code].status === 503;

async function askUntilConfirmed(pool: string): Promise<number> {
  const gateway = createEngineGateway({ path: socket, timeout: seconds(10) });
  const until = performance.now() + GENEROUS;
  let told = '';
  for (;;) {
    const answer = await gateway.request('fence-peer', { pool });
    if (answer.ok) return answer.value.exitCode;
    const { code, message } = answer.failure;
    if (told !== code) console.error(`fence-peer ${pool}: ${code}: ${message}`);
    told = code;
    if (!mayPass(code) || performance.now() >= until) return 1;
    await new Promise((resolve) => setTimeout(resolve, AGAIN));
  }
}

const pool = process.env['DRBD_RESOURCE'];
if (pool === undefined) console.error('fence-peer: DRBD_RESOURCE is not set');
process.exit(pool === undefined ? 1 : await askUntilConfirmed(pool));
