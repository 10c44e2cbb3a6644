import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { success } from '../../../src/model/index.ts';
import { askAdmission } from '../../../src/platform/formation/admission.ts';
import { ensureCertificate } from '../../../src/platform/formation/certificate.ts';
import { decodeJoinSecret, encodeJoinSecret } from '../../../src/platform/formation/join-secret.ts';

let folder: string;
let fingerprint: string;
let server: Server;
/** Every byte that reached the server in the clear, after TLS. */
let heard: string;
let answer: { status: number; body: string };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keelson-'));
  const made = await ensureCertificate(folder, ['anna', '127.0.0.1']);
  if (!made.ok) throw new Error(made.failure.message);
  fingerprint = made.value;
});
afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(async () => {
  heard = '';
  answer = { status: 200, body: JSON.stringify({ bundle: 'all that a node needs' }) };
  const key = readFileSync(join(folder, 'api.key'));
  const cert = readFileSync(join(folder, 'api.crt'));
  server = createServer({ key, cert }, (request, response) => {
    heard += `${request.method ?? ''} ${request.url ?? ''} `;
    request.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    request.on('end', () => response.writeHead(answer.status).end(answer.body));
  });
  server.on('secureConnection', (socket) => socket.on('data', () => undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const ask = (named = fingerprint) =>
  askAdmission({
    address: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    secret: encodeJoinSecret({ fingerprint: named, secret: 'open sesame' }),
    node: 'bert',
    timeout: 3000,
  });

describe('asking for admission', () => {
  test('gives the secret to the right peer and brings the bundle back', async () => {
    expect(await ask()).toEqual(success('all that a node needs'));
    expect(heard).toBe('POST /api/v1/cluster/admit {"secret":"open sesame","node":"bert"}');
  });

  test('refuses a peer of another certificate before the secret is sent', async () => {
    expect(await ask('0'.repeat(64))).toMatchObject({ failure: { code: 'peer_not_trusted' } });
    expect(heard).toBe('');
  });

  test('tells a wrong secret and the peer’s own failures', async () => {
    answer = { status: 403, body: '{}' };
    expect(await ask()).toMatchObject({ failure: { code: 'join_secret_wrong' } });
    answer = { status: 503, body: JSON.stringify({ code: 'no_quorum', detail: 'alone' }) };
    expect(await ask()).toMatchObject({ failure: { code: 'no_quorum', message: '127.0.0.1: alone' } });
    answer = { status: 200, body: 'hello' };
    expect(await ask()).toMatchObject({ failure: { code: 'peer_unreachable' } });
  });

  test('tells that nobody listens', async () => {
    const secret = encodeJoinSecret({ fingerprint, secret: 'x' });
    const asked = askAdmission({ address: '127.0.0.1', port: 1, secret, node: 'bert', timeout: 1000 });
    expect(await asked).toMatchObject({ failure: { code: 'peer_unreachable' } });
  });
});

describe('a join secret', () => {
  test('survives being copied', () => {
    const secret = { fingerprint: 'ab'.repeat(32), secret: '0123' };
    expect(decodeJoinSecret(` ${encodeJoinSecret(secret)}\n`)).toEqual(success(secret));
  });

  test('that was cut off is refused', () => {
    const text = encodeJoinSecret({ fingerprint: 'ab'.repeat(32), secret: '0123' });
    expect(decodeJoinSecret(text.slice(0, -5))).toMatchObject({ failure: { code: 'join_secret_wrong' } });
  });
});
