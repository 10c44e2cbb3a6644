import { request } from 'node:http';
import { connect, type TLSSocket } from 'node:tls';
import {
  failed,
  failure,
  failures,
  success,
  type FailureCode,
  type NodeName,
  type Result,
} from '../../model/index.ts';
import { fingerprintOf } from './certificate.ts';
import { decodeJoinSecret } from './join-secret.ts';

export interface Admission {
  readonly address: string;
  /** The default is 8443. */
  readonly port?: number;
  /** The join secret as `encodeJoinSecret` made it. */
  readonly secret: string;
  /** Who wants to be admitted. */
  readonly node: NodeName;
  /** Milliseconds for all of it; the default is 60 s. */
  readonly timeout?: number;
}

const PORT = 8443;
const ANSWER_LIMIT = 4 * 1024 * 1024;

/** A TLS connection to the peer whose certificate is the one named: nothing of ours was sent over it yet. */
function connectPinned(
  { address, port = PORT }: Admission,
  fingerprint: string,
  signal: AbortSignal,
): Promise<Result<TLSSocket>> {
  return new Promise((resolve) => {
    // The certificate is signed by itself: what counts is that it is this one, byte for byte.
    const socket = connect({ host: address, port, rejectUnauthorized: false, minVersion: 'TLSv1.2' });
    const stop = (): void => {
      socket.destroy(new Error('no answer in time'));
    };
    signal.addEventListener('abort', stop);
    socket.once('secureConnect', () => {
      const shown = socket.getPeerX509Certificate()?.raw;
      if (shown !== undefined && fingerprintOf(shown) === fingerprint) {
        resolve(success(socket));
        return;
      }
      socket.destroy();
      resolve(failed(failure('peer_not_trusted', `${address} shows another certificate`)));
    });
    socket.on('error', (error: Error) => {
      resolve(failed(failure('peer_unreachable', `${address}:${port}: ${error.message}`)));
    });
  });
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

function post(socket: TLSSocket, address: string, body: string): Promise<Result<Answer>> {
  return new Promise((resolve) => {
    const unreachable = (message: string): void => {
      resolve(failed(failure('peer_unreachable', `${address}: ${message}`)));
      socket.destroy();
    };
    const asked = request({
      createConnection: () => socket,
      method: 'POST',
      path: '/api/v1/cluster/admit',
      headers: {
        host: address,
        connection: 'close',
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      },
    });
    asked.on('error', (error) => unreachable(error.message));
    asked.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > ANSWER_LIMIT) unreachable('the answer is too long');
      });
      response.on('error', (error) => unreachable(error.message));
      response.on('end', () => resolve(success({ status: response.statusCode ?? 0, body: text })));
    });
    asked.end(body);
  });
}

const isCode = (value: unknown): value is FailureCode =>
  typeof value === 'string' && Object.hasOwn(failures, value);

/** The peer's failure as the API tells it (RFC 9457, with our code), where it is one of ours. */
function refusal(address: string, status: number, body: unknown): Result<never> {
  const { code, detail } = (body ?? {}) as { readonly code?: unknown; readonly detail?: unknown };
  const said = typeof detail === 'string' ? detail : `it answered with status ${status}`;
  const fallback = status === 403 ? 'join_secret_wrong' : 'peer_unreachable';
  return failed(failure(isCode(code) ? code : fallback, `${address}: ${said}`));
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/**
 * Asks the API of a member (`POST /api/v1/cluster/admit` with `{ secret, node }`, the bare secret without the fingerprint) to
 * admit this node; resolves with the bundle. The certificate is compared before the secret is sent. Failures: `join_secret_wrong`,
 * `peer_not_trusted`, `peer_unreachable`, and what the peer itself answers with.
 */
export async function askAdmission(admission: Admission): Promise<Result<string>> {
  const { address, node, timeout = 60_000 } = admission;
  const decoded = decodeJoinSecret(admission.secret);
  if (!decoded.ok) return decoded;
  const { fingerprint, secret } = decoded.value;
  const connected = await connectPinned(admission, fingerprint, AbortSignal.timeout(timeout));
  if (!connected.ok) return connected;
  const answered = await post(connected.value, address, JSON.stringify({ secret, node }));
  connected.value.destroy();
  if (!answered.ok) return answered;
  const { status, body } = answered.value;
  const value = parse(body);
  if (status !== 200) return refusal(address, status, value);
  const bundle = (value as { readonly bundle?: unknown } | undefined)?.bundle;
  return typeof bundle === 'string'
    ? success(bundle)
    : failed(failure('peer_unreachable', `${address}: the answer is not one of Keelson’s API`));
}
