import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { failed, failure, milliseconds, success, type Result } from '../../../src/model/index.ts';
import { ensureCertificate } from '../../../src/platform/formation/certificate.ts';
import {
  decodeJoinSecret,
  decodeWitnessSecret,
  encodeJoinSecret,
  encodeWitnessSecret,
} from '../../../src/platform/formation/join-secret.ts';
import { askPinned } from '../../../src/platform/formation/pinned.ts';
import { askWitness, checkReachable } from '../../../src/platform/witness-setup/ask-witness.ts';
import { openAuthority, type Authority } from '../../../src/platform/witness-setup/authority.ts';
import { createDeviceCertificates } from '../../../src/platform/witness-setup/device-certificates.ts';
import { checkPrograms, parseClusters } from '../../../src/platform/witness-setup/qnetd.ts';
import { serveSetUp, type SetUpService } from '../../../src/platform/witness-setup/set-up-service.ts';
import { createRandom } from '../../../src/platform/world.ts';

let folder: string;
/** Any certificate, PEM. */
let pem: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keelson-'));
  const made = await ensureCertificate(folder, ['authority'], { group: 0 });
  if (!made.ok) throw new Error(made.failure.message);
  pem = readFileSync(join(folder, 'api.crt'), 'utf8');
});
afterAll(() => rmSync(folder, { recursive: true }));

const address = '127.0.0.1';

describe('the set-up of a witness', () => {
  let service: SetUpService;
  let told: string[];
  let asked: string[];
  let verdict: Result<void>;
  let dayIsOver: () => void;

  beforeEach(async () => {
    [told, asked, verdict] = [[], [], success(undefined)];
    const authority: Authority = {
      certificate: pem,
      isNew: false,
      examine(cluster, request) {
        asked.push(`examine ${cluster} ${request?.toString() ?? 'without a request'}`);
        return Promise.resolve(verdict);
      },
      sign(cluster, request) {
        asked.push(`sign ${cluster} ${request.toString()}`);
        return Promise.resolve(verdict.ok ? success(`signed for ${cluster}`) : verdict);
      },
    };
    const served = await serveSetUp({
      address,
      port: 0,
      names: ['witness'],
      authority,
      random: createRandom(),
      clock: {
        after: (delay, fired) => {
          expect(delay).toBe(24 * 3600 * 1000);
          dayIsOver = fired;
          return { cancel: () => undefined };
        },
      },
      tell: (line) => told.push(line),
    });
    if (!served.ok) throw new Error(served.failure.message);
    service = served.value;
  });
  afterEach(() => service.close());

  const question = (over: object = {}) => ({
    address,
    secret: service.secret,
    cluster: 'san',
    request: Buffer.from('please'),
    timeout: 5000,
    ...over,
  });

  /** The right certificate, but whatever else one likes. */
  function raw(body: object, path = '/api/v1/authority'): Promise<Result<string>> {
    const { fingerprint, port } = decoded();
    const peer = { address, port, fingerprint, timeout: 5000 };
    return askPinned(peer, { path, body, member: 'authority', forbidden: 'witness_secret_wrong' });
  }

  function decoded() {
    const secret = decodeWitnessSecret(service.secret);
    if (!secret.ok) throw new Error(secret.failure.message);
    return secret.value;
  }

  test('gives its authority, signs one request, and is done when the answer has arrived', async () => {
    expect(await askWitness(question({ request: undefined }), 'authority')).toEqual(success(pem));
    expect(await askWitness(question(), 'certificate')).toEqual(success('signed for san'));
    expect(await service.ended).toEqual(success({ cluster: 'san' }));
    expect(asked).toEqual(['examine san without a request', 'sign san please']);
    expect(await askWitness(question({ cluster: 'other' }), 'certificate')).toMatchObject({
      failure: { code: 'witness_secret_expired' },
    });
    expect(told.join('\n')).not.toContain(decoded().secret);
  });

  test('hands on why it does not sign, and goes on waiting', async () => {
    verdict = failed(failure('witness_name_taken', 'a cluster san is there'));
    for (const what of ['authority', 'certificate'] as const)
      expect(await askWitness(question(), what)).toMatchObject({
        failure: { code: 'witness_name_taken', message: 'the witness: 127.0.0.1: a cluster san is there' },
      });
    verdict = success(undefined);
    expect(await askWitness(question(), 'certificate')).toMatchObject({ ok: true });
  });

  test('is over after ten wrong secrets, for the right one too', async () => {
    const wrong = encodeWitnessSecret({ ...decoded(), secret: 'a guess' });
    for (let times = 0; times < 10; times += 1)
      expect(await askWitness(question({ secret: wrong }), 'certificate')).toMatchObject({
        failure: { code: 'witness_secret_wrong' },
      });
    expect(await service.ended).toMatchObject({ failure: { code: 'witness_secret_expired' } });
    expect(await askWitness(question(), 'certificate')).toMatchObject({
      failure: { code: 'witness_secret_expired' },
    });
    expect(asked).toEqual([]);
  });

  test('is over after a day', async () => {
    dayIsOver();
    expect(await service.ended).toMatchObject({ failure: { code: 'witness_secret_expired' } });
    expect(await askWitness(question(), 'authority')).toMatchObject({
      failure: { code: 'witness_secret_expired' },
    });
  });

  test('is not given a secret of another witness, or of an earlier time', async () => {
    const secret = encodeWitnessSecret({ ...decoded(), fingerprint: '0'.repeat(64) });
    expect(await askWitness(question({ secret }), 'certificate')).toMatchObject({
      failure: { code: 'witness_secret_wrong', message: expect.stringContaining('another') as string },
    });
    expect([asked, told]).toEqual([[], []]);
  });

  test('takes no name that is a path, and nothing else that keelsond does not send', async () => {
    const { secret } = decoded();
    const bodies = [
      { secret, cluster: '../../root' },
      { secret, cluster: '' },
      { secret, cluster: 'San' },
      { secret, cluster: 'san', request: 7 },
      { cluster: 'san' },
      { secret, cluster: 'san', request: 'x'.repeat(70_000) },
      [],
    ];
    for (const body of bodies) expect(await raw(body)).toMatchObject({ failure: { code: 'body_invalid' } });
    expect(await raw({ secret, cluster: 'san' }, '/')).toMatchObject({
      failure: { code: 'route_not_found' },
    });
    expect(await raw({ secret, cluster: 'san' }, '/api/v1/certificate')).toMatchObject({
      failure: { code: 'body_invalid' },
    });
    expect(asked).toEqual([]);
  });

  test('says that its port is taken', async () => {
    const again = await serveSetUp({
      address,
      port: service.port,
      names: ['witness'],
      authority: { certificate: pem, isNew: false, examine: never, sign: never },
      random: createRandom(),
      clock: { after: () => ({ cancel: () => undefined }) },
      tell: () => undefined,
    });
    expect(again).toMatchObject({ failure: { code: 'witness_setup_busy' } });
  });

  test('has certificates that a node with a wrong clock refuses, before it changes anything', async () => {
    const device = (now: string) =>
      createDeviceCertificates({
        folder: join(folder, 'qdevice'),
        now: () => milliseconds(Date.parse(now)),
        run: () => Promise.resolve(success({ exitCode: 255, stdout: '', stderr: '' })),
      });
    const asks = { cluster: 'san', address, secret: service.secret };
    for (const now of ['2020-01-01T00:00:00Z', '2099-01-01T00:00:00Z'])
      expect(await device(now).obtain(asks)).toMatchObject({ failure: { code: 'witness_clock_differs' } });
    expect(await device(new Date().toISOString()).check(asks)).toEqual(success(undefined));
    expect(() => readFileSync(join(folder, 'qdevice'))).toThrow('ENOENT');
  });
});

const never = (): never => {
  throw new Error('nobody was to ask');
};

test('a set-up that is not there is told apart from a witness that is not there', async () => {
  const secret = encodeWitnessSecret({ fingerprint: 'ab'.repeat(32), secret: '0', port: 1 });
  const question = { address, secret, cluster: 'san', request: undefined, timeout: 1000 };
  expect(await askWitness(question, 'authority')).toMatchObject({
    failure: { code: 'witness_setup_unreachable' },
  });
  const server: Server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const { port } = server.address() as AddressInfo;
  expect(await checkReachable(address, { port })).toEqual(success(undefined));
  await new Promise((resolve) => server.close(resolve));
  expect(await checkReachable(address, { port })).toMatchObject({
    failure: {
      code: 'witness_unreachable',
      message: expect.stringContaining(`${address}:${port}`) as string,
    },
  });
});

describe('a witness secret', () => {
  const secret = { fingerprint: 'ab'.repeat(32), secret: '0123', port: 8443 };

  test('survives being copied, and is refused where it was cut off', () => {
    const text = encodeWitnessSecret(secret);
    expect(decodeWitnessSecret(` ${text}\n`)).toEqual(success(secret));
    expect(decodeWitnessSecret(text.slice(0, -5))).toMatchObject({
      failure: { code: 'witness_secret_wrong' },
    });
  });

  test('and a join secret are not taken for each other', () => {
    expect(decodeWitnessSecret(encodeJoinSecret(secret))).toMatchObject({
      failure: { code: 'witness_secret_wrong', message: expect.stringContaining('join secret') as string },
    });
    expect(decodeJoinSecret(encodeWitnessSecret(secret))).toMatchObject({
      failure: { code: 'join_secret_wrong', message: expect.stringContaining('witness secret') as string },
    });
  });
});

describe('corosync-qnetd', () => {
  test('tells which clusters are connected, how, and who has the vote', () => {
    const text = `Cluster "one":
    Algorithm:\t\tFifty-Fifty split (KAP Tie-breaker)
    Tie-breaker:\tNode with lowest node ID
    Node ID 1:
        Client address:\t\t::ffff:10.99.1.1:37098
        HB interval:\t\t8000ms
        Configured node list:\t1, 2
        TLS active:\t\tYes (client certificate verified)
        Vote:\t\t\tNo change (ACK)
    Node ID 2:
        Client address:\t\t10.99.1.2:48622
        TLS active:\t\tNo
        Vote:\t\t\tNACK (NACK)
Cluster "two":
    Node ID 7:
        Client address:\t\t[fd00::1]:48622
        TLS active:\t\tYes
        Vote:\t\t\tNo change
`;
    expect(parseClusters(text)).toEqual([
      {
        name: 'one',
        nodes: [
          { id: 1, address: '10.99.1.1', isCertified: true, vote: 'ACK' },
          { id: 2, address: '10.99.1.2', isCertified: false, vote: 'NACK' },
        ],
      },
      { name: 'two', nodes: [{ id: 7, address: '[fd00::1]', isCertified: false, vote: undefined }] },
    ]);
    expect(parseClusters('')).toEqual([]);
  });

  test('is asked for by the name of its package where it is missing', async () => {
    expect(await checkPrograms([{ path: '/nowhere/corosync-qnetd', from: 'corosync-qnetd' }])).toMatchObject({
      failure: { code: 'command_missing', message: expect.stringContaining('corosync-qnetd') as string },
    });
  });

  test('keeps a damaged database that has signed for clusters', async () => {
    const database = join(folder, 'qnetd/nssdb');
    mkdirSync(database, { recursive: true });
    writeFileSync(join(database, 'cluster-san.crt'), pem);
    const opened = await openAuthority(undefined, {
      folder: join(folder, 'qnetd'),
      run: (program) => {
        expect(program).toBe('certutil');
        return Promise.resolve(success({ exitCode: 255, stdout: '', stderr: '' }));
      },
    });
    expect(opened).toMatchObject({ failure: { code: 'host_setup_failed' } });
    expect(readFileSync(join(database, 'cluster-san.crt'), 'utf8')).toBe(pem);
  });
});
