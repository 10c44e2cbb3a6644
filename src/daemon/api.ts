import { readFileSync } from 'node:fs';
import { createApi, followCertificate, type Api, type Certificate } from '../api/index.ts';
import { version } from '../api/schemas/version.ts';
import { seconds } from '../model/index.ts';
import { createEngineGateway } from '../platform/socket/gateway.ts';
import { createLog } from '../platform/world.ts';

/**
 * The API process: no privileges, no decisions. Restarting it disturbs nobody but its clients. It ends with
 * SIGTERM; a fault ends it with code 1, and systemd starts it again.
 */
const environment = (name: string, fallback: string): string => process.env[name] ?? fallback;

const settings = {
  certificate: environment('KEELSON_API_CERTIFICATE', '/etc/keelson/api.crt'),
  key: environment('KEELSON_API_KEY', '/etc/keelson/api.key'),
  tokenHash: environment('KEELSON_API_TOKEN_HASH', '/etc/keelson/token.sha256'),
  socket: environment('KEELSON_ENGINE_SOCKET', '/run/keelson/engine.sock'),
  listen: environment('KEELSON_API_LISTEN', '0.0.0.0:8443'),
};

const log = createLog(process.stdout);
const gateway = createEngineGateway({ path: settings.socket, timeout: seconds(20) });
let api: Api | undefined;

/** Read for each request: forming or joining a cluster changes it, and the next request must know. */
function tokenHash(): string | undefined {
  try {
    return readFileSync(settings.tokenHash, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function addressOf(listen: string): { host: string; port: number } {
  const match = /^(.+):(\d{1,5})$/.exec(listen);
  const [, host, port] = match ?? [];
  if (host === undefined) throw new Error(`KEELSON_API_LISTEN must be ADDRESS:PORT, not ${listen}`);
  return { host, port: Number(port) };
}

async function serve(pair: Certificate): Promise<void> {
  if (api !== undefined) {
    api.server.setSecureContext({ cert: pair.certificate, key: pair.key, minVersion: 'TLSv1.2' });
    log.info('api', 'The certificate was renewed');
    return;
  }
  api = createApi({ gateway, ...pair, tokenHash, log, version });
  log.info('api', `Keelson ${version} listens at ${await api.listen(addressOf(settings.listen))}`);
}

function fault(problem: unknown): void {
  log.error('api', problem instanceof Error ? (problem.stack ?? problem.message) : String(problem));
  process.exit(1);
}

const follower = followCertificate(settings, (pair) => {
  serve(pair).catch(fault);
});
log.info('api', `Waiting for the certificate ${settings.certificate}, unless it is there`);

let ending = false;
function end(): void {
  if (ending) return;
  ending = true;
  follower.close();
  const closed = api === undefined ? Promise.resolve() : api.close();
  closed
    .then(() => {
      gateway.close();
      process.exit(0);
    })
    .catch(fault);
}
process.on('SIGTERM', end);
process.on('SIGINT', end);
