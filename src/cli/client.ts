import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { X509Certificate } from 'node:crypto';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { Connection } from './options.ts';
import { CliFailure, notReachable, problemFrom } from './failures.ts';

export interface Answer {
  readonly status: number;
  /** Parsed; undefined where the API sent none. */
  readonly body: unknown;
  /** Below /api/v1: the next page of a list; undefined where there is none. */
  readonly next?: string | undefined;
}

export interface Ask {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below /api/v1. */
  readonly path: string;
  readonly body?: object | undefined;
  /** Milliseconds until the answer must be there. */
  readonly timeout?: number;
}

const answerLimit = 64 * 1024 * 1024;
/** Of a list, at a time. */
const pageSize = '500';
const defaultTimeout = 60_000;
/** The API sends a heartbeat every 15 s: after three of them missed the stream is dead. */
const silenceOfStream = 45_000;

/** A client of the API, and nothing more. Every failure of a method is a `CliFailure`. */
export class Client {
  #connection: Connection;
  readonly #agent: Agent;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#agent = new Agent({
      ca: connection.certificate,
      checkServerIdentity: pinned(connection.certificate),
      keepAlive: false,
    });
  }

  async ask(ask: Ask): Promise<Answer> {
    const response = await this.#send(ask);
    const text = await readAll(response);
    const status = response.statusCode ?? 0;
    if (status === 401 && this.#hasNewToken()) return this.ask(ask);
    if (status >= 400) throw problemFrom(status, text);
    const next = nextPage(response.headers['link']?.toString());
    return { status, body: text === '' ? undefined : parsed(text), next };
  }

  /** A list from its first page to its last. */
  async all<Item>(path: string, parameters: Readonly<Record<string, string | undefined>>): Promise<Item[]> {
    const query = new URLSearchParams({ limit: pageSize });
    for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, value);
    const items: Item[] = [];
    let next: string | undefined = `${path}?${query.toString()}`;
    while (next !== undefined) {
      const page: Answer = await this.ask({ method: 'GET', path: next });
      items.push(...(page.body as readonly Item[]));
      next = page.next;
    }
    return items;
  }

  /** The file holds another token than the one that was refused. */
  #hasNewToken(): boolean {
    const token = this.#connection.tokenNow?.() ?? this.#connection.token;
    if (token === this.#connection.token) return false;
    this.#connection = { ...this.#connection, token };
    return true;
  }

  /** The body as it comes, for streams. Ends when the API ends it, or `enough` is said. */
  async *stream(path: string, enough: AbortSignal): AsyncGenerator<string> {
    const response = await this.#send({ method: 'GET', path, timeout: silenceOfStream });
    const status = response.statusCode ?? 0;
    if (status >= 400) throw problemFrom(status, await readAll(response));
    response.setEncoding('utf8');
    enough.addEventListener('abort', () => response.destroy());
    try {
      for await (const chunk of response) yield chunk as string;
    } catch (problem) {
      if (!enough.aborted) throw notReachable(this.#connection.url, problem);
    }
  }

  #send({ method, path, body, timeout = defaultTimeout }: Ask): Promise<IncomingMessage> {
    const { url, token } = this.#connection;
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const sent = request(
        new URL(`/api/v1${path}`, url),
        {
          method,
          agent: this.#agent,
          timeout,
          headers: {
            authorization: `Bearer ${token}`,
            ...(text === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
          },
        },
        resolve,
      );
      sent.on('timeout', () => sent.destroy(new Error(`no answer within ${timeout / 1000} s`)));
      sent.on('error', (problem) => reject(notReachable(url, problem)));
      sent.end(text);
    });
  }
}

/** RFC 8288, as our own API writes it. */
const nextPage = (link = ''): string | undefined => /^<\/api\/v1(\/[^>]*)>; rel="next"$/.exec(link)?.[1];

/** The very certificate that was pinned is right under any name; another one must be signed by it and have the name. */
function pinned(pem: string): (host: string, peer: PeerCertificate) => Error | undefined {
  const known = new Set(
    (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
      (one) => new X509Certificate(one).fingerprint256,
    ),
  );
  return (host, peer) => (known.has(peer.fingerprint256) ? undefined : checkServerIdentity(host, peer));
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
      if (length > answerLimit) throw new Error('the answer is too long');
    }
  } catch (problem) {
    throw notReachable('', problem);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CliFailure('internal', 'The answer is not JSON; is this the API of Keelson?');
  }
}
