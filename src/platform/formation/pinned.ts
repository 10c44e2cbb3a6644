import { request } from 'node:http';
import { connect, type TLSSocket } from 'node:tls';
import { failed, failure, failures, success, type FailureCode, type Result } from '../../model/index.ts';
import { fingerprintOf } from './certificate.ts';

/** A peer that is known by its certificate, and by nothing else. */
export interface Pinned {
  readonly address: string;
  readonly port: number;
  /** SHA-256 of its certificate, 64 lower-case hex digits. */
  readonly fingerprint: string;
  /** Milliseconds for all of it. */
  readonly timeout: number;
}

const ANSWER_LIMIT = 4 * 1024 * 1024;

/** A TLS connection to the peer whose certificate is the one named: nothing of ours was sent over it yet. */
function connectPinned(
  { address, port, fingerprint }: Pinned,
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

function post(socket: TLSSocket, address: string, path: string, body: string): Promise<Result<Answer>> {
  return new Promise((resolve) => {
    const unreachable = (message: string): void => {
      resolve(failed(failure('peer_unreachable', `${address}: ${message}`)));
      socket.destroy();
    };
    const asked = request({
      createConnection: () => socket,
      method: 'POST',
      path,
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
function refusal(address: string, status: number, body: unknown, forbidden: FailureCode): Result<never> {
  const { code, detail } = (body ?? {}) as { readonly code?: unknown; readonly detail?: unknown };
  const said = typeof detail === 'string' ? detail : `it answered with status ${status}`;
  const fallback = status === 403 ? forbidden : 'peer_unreachable';
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
 * Posts JSON to the peer whose certificate is the one named; it is compared before anything is sent. Resolves with the
 * member of this name of what the peer answers, a text. Failures: `peer_not_trusted`, `peer_unreachable`, `forbidden`
 * where it answers 403 without a code, and what the peer itself answers with.
 */
export async function askPinned(
  peer: Pinned,
  { path, body, member, forbidden }: { path: string; body: object; member: string; forbidden: FailureCode },
): Promise<Result<string>> {
  const { address } = peer;
  const connected = await connectPinned(peer, AbortSignal.timeout(peer.timeout));
  if (!connected.ok) return connected;
  const answered = await post(connected.value, address, path, JSON.stringify(body));
  connected.value.destroy();
  if (!answered.ok) return answered;
  const { status, body: text } = answered.value;
  const value = parse(text);
  if (status !== 200) return refusal(address, status, value, forbidden);
  const wanted = (value as Readonly<Record<string, unknown>> | null | undefined)?.[member];
  return typeof wanted === 'string'
    ? success(wanted)
    : failed(failure('peer_unreachable', `${address}: the answer is not one of Keelson’s`));
}
