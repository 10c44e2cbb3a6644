import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request, type RequestOptions } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApi, type Api, type ApiLimits } from '../../../src/api/index.ts';
import { FakeGateway } from './fake-gateway.ts';

export const token = 'a-token-of-the-tests';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Parsed, where it is JSON. */
  readonly body: Record<string, unknown>;
}

/** The real API over real TLS on loopback, with a fake engine behind it. */
export interface Served<Gateway extends FakeGateway = FakeGateway> {
  readonly gateway: Gateway;
  readonly api: Api;
  readonly url: string;
  /** Holds api.crt, api.key and token. */
  readonly directory: string;
  readonly logged: string[];
  tokenHash: string | undefined;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  close(): Promise<void>;
}

/** A self-signed certificate for a name, valid for a day. */
export function makeCertificate(directory: string, name = 'san-a'): void {
  execFileSync(
    'openssl',
    // prettier-ignore
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1',
     '-subj', `/CN=${name}`, '-keyout', join(directory, 'api.key'), '-out', join(directory, 'api.crt')],
    { stdio: 'ignore' },
  );
}

export const serve = (limits: Partial<ApiLimits> = {}): Promise<Served> =>
  serveFrom(new FakeGateway(), limits);

export async function serveFrom<Gateway extends FakeGateway>(
  gateway: Gateway,
  limits: Partial<ApiLimits> = {},
): Promise<Served<Gateway>> {
  const directory = mkdtempSync(join(tmpdir(), 'keelson-api-'));
  makeCertificate(directory);
  writeFileSync(join(directory, 'token'), `${token}\n`, { mode: 0o600 });
  const certificate = readFileSync(join(directory, 'api.crt'));
  const logged: string[] = [];
  const write = (component: string, message: string): void => void logged.push(`${component}: ${message}`);
  const api = createApi({
    gateway,
    certificate,
    key: readFileSync(join(directory, 'api.key')),
    tokenHash: () => served.tokenHash,
    log: { info: write, warn: write, error: write },
    version: '1.2.3',
    limits,
  });
  await api.listen({ host: '127.0.0.1', port: 0 });
  const { port } = api.server.address() as AddressInfo;
  const served: Served<Gateway> = {
    gateway,
    api,
    directory,
    logged,
    url: `https://127.0.0.1:${port}`,
    tokenHash: createHash('sha256').update(token).digest('hex'),
    send: (method, path, body, headers = {}) => {
      const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
      return ask(
        {
          host: '127.0.0.1',
          port,
          method,
          path,
          ca: certificate,
          servername: 'san-a',
          checkServerIdentity: () => undefined,
          agent: false,
          headers: {
            authorization: `Bearer ${token}`,
            ...(text === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
        },
        text,
      );
    },
    close: async () => {
      await api.close();
      rmSync(directory, { recursive: true });
    },
  };
  return served;
}

const ask = (options: RequestOptions, text: string | undefined): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const received = Buffer.concat(chunks).toString();
        const isJson = response.headers['content-type']?.includes('json') === true;
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: received,
          body: isJson ? (JSON.parse(received) as Record<string, unknown>) : {},
        });
      });
    });
    sent.on('error', reject);
    sent.end(text);
  });

/** Waits for what other parts of the program will do by themselves. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
