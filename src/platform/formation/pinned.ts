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

/** A peer that is known by nothing yet. */
export type Unknown = Omit<Pinned, 'fingerprint'>;

interface Shown {
  readonly socket: TLSSocket;
  /** Of the certificate that the peer shows, as in `Pinned`. */
  readonly fingerprint: string;
}

/** A TLS connection over which nothing of ours was sent yet, with what the peer shows of itself. */
function connectTo({ address, port }: Unknown, signal: AbortSignal): Promise<Result<Shown>> {
  return new Promise((resolve) => {
    // The certificate is signed by itself: what counts is which one it is, byte for byte.
    const socket = connect({ host: address, port, rejectUnauthorized: false, minVersion: 'TLSv1.2' });
    const stop = (): void => {
      socket.destroy(new Error('no answer in time'));
    };
    signal.addEventListener('abort', stop);
    socket.once('secureConnect', () => {
      const shown = socket.getPeerX509Certificate()?.raw;
      if (shown !== undefined) {
        resolve(success({ socket, fingerprint: fingerprintOf(shown) }));
        return;
      }
      socket.destroy();
      resolve(failed(failure('peer_not_trusted', `${address} shows no certificate`)));
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

interface Question {
  readonly path: string;
  readonly body: object;
  /** Of the answer: a text. */
  readonly member: string;
  /** What 403 without a code means. */
  readonly forbidden: FailureCode;
}

/**
 * Posts JSON to the peer whose certificate is the one named; it is compared before anything is sent. Resolves with the
 * member of this name of what the peer answers, a text. Failures: `peer_not_trusted`, `peer_unreachable`, `forbidden`
 * where it answers 403 without a code, and what the peer itself answers with.
 */
export async function askPinned(peer: Pinned, question: Question): Promise<Result<string>> {
  const connected = await connectTo(peer, AbortSignal.timeout(peer.timeout));
  if (!connected.ok) return connected;
  const { socket, fingerprint } = connected.value;
  if (fingerprint === peer.fingerprint) return exchange(socket, peer.address, question);
  socket.destroy();
  return failed(failure('peer_not_trusted', `${peer.address} shows another certificate`));
}

/**
 * The same with a peer that is not known yet: the body is made for whoever shows this certificate, and must be worth
 * nothing to anybody else. It has to prove itself in its answer.
 */
export async function askShown(
  peer: Unknown,
  { body, ...rest }: Omit<Question, 'body'> & { readonly body: (fingerprint: string) => object },
): Promise<Result<string>> {
  const connected = await connectTo(peer, AbortSignal.timeout(peer.timeout));
  if (!connected.ok) return connected;
  const { socket, fingerprint } = connected.value;
  return exchange(socket, peer.address, { ...rest, body: body(fingerprint) });
}

async function exchange(
  socket: TLSSocket,
  address: string,
  { path, body, member, forbidden }: Question,
): Promise<Result<string>> {
  const answered = await post(socket, address, path, JSON.stringify(body));
  socket.destroy();
  if (!answered.ok) return answered;
  const { status, body: text } = answered.value;
  const value = parse(text);
  if (status !== 200) return refusal(address, status, value, forbidden);
  const wanted = (value as Readonly<Record<string, unknown>> | null | undefined)?.[member];
  return typeof wanted === 'string'
    ? success(wanted)
    : failed(failure('peer_unreachable', `${address}: the answer is not one of Keelson’s`));
}
