import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDoctor, type DoctorOptions } from '../../../src/daemon/doctor.ts';
import { createDoctorWatch } from '../../../src/daemon/doctor-watch.ts';
import { diagnosis, failed, failure, milliseconds, type RequestOf } from '../../../src/model/index.ts';
import { askPeer, type PeerQuestion } from '../../../src/platform/doctor/ask-peer.ts';
import { lookAtPeerClock } from '../../../src/platform/doctor/peer-clock.ts';
import { certificateFingerprint } from '../../../src/platform/formation/certificate.ts';
import { serve, type Served } from '../api/served.ts';
import { factsOf } from '../doctor/machine.ts';
import { config, otherMachine, otherMember } from '../doctor/members.ts';

/** The other node: its real API over real TLS, with its real doctor behind. */
let served: Served;
const key = 'corosync-key-of-the-tests';
/** Of the other node, in milliseconds beyond ours. */
let ahead = 0;

const doctorOf = (more: Partial<DoctorOptions> = {}) =>
  createDoctor({
    hostName: 'san-b',
    member: () => ({ node: 'san-b', config }),
    clock: { now: () => milliseconds(Date.now() + ahead) },
    authkey: () => Promise.resolve(key),
    fingerprint: () => certificateFingerprint(served.directory),
    peers: () => Promise.resolve([]),
    found: () => undefined,
    look: () => factsOf(otherMachine(), otherMember),
    ...more,
  });

beforeEach(async () => {
  served = await serve();
  ahead = 0;
});
afterEach(() => served.close());

/** The API asks the engine over a socket that waits; here its answer is made before it is asked for. */
function answering(doctor: ReturnType<typeof createDoctor>): void {
  const examine = (request: object) => doctor.examination(request as RequestOf<'doctor.examine'>);
  served.gateway.request = (kind, request) => {
    served.gateway.asked.push({ kind, request });
    return kind === 'doctor.examine'
      ? examine(request)
      : Promise.resolve(failed(failure('internal', 'not asked for')));
  };
}

const ask = (more: Partial<PeerQuestion> = {}) =>
  askPeer({
    address: '127.0.0.1',
    port: Number(new URL(served.url).port),
    node: 'san-a',
    authkey: key,
    nonce: '0123456789abcdef0123456789abcdef',
    timeout: 9000,
    now: Date.now,
    ...more,
  });

test('a node of the same cluster is told what the other looks like, and how its clock goes', async () => {
  answering(doctorOf());
  ahead = 5000;
  const told = await ask();
  if (!told.ok) throw new Error(told.failure.message);
  const { facts, clock } = told.value;
  expect(facts.hostName).toBe('san-b');
  expect(Math.abs(clock.offset - 5000)).toBeLessThanOrEqual(clock.uncertainty + 50);
});

test('who has not the key learns nothing, and the key is not in what was sent', async () => {
  answering(doctorOf());
  expect(await ask({ authkey: 'another' })).toMatchObject({ failure: { code: 'proof_wrong' } });
  expect(JSON.stringify(served.gateway.asked)).not.toContain('another');
});

test('a question that was made for another certificate is worth nothing: nobody in between can pass it on', async () => {
  answering(doctorOf({ fingerprint: () => Promise.resolve('0'.repeat(64)) }));
  expect(await ask()).toMatchObject({ failure: { code: 'proof_wrong' } });
});

test('an answer of somebody without the key is not believed', async () => {
  served.gateway.replies['doctor.examine'] = () => ({
    ok: true,
    value: { examination: `${'0'.repeat(64)} {"facts":{},"heard":0,"answered":0}` },
  });
  expect(await ask()).toMatchObject({ failure: { code: 'peer_not_trusted' } });
});

test('a node without a cluster examines itself for nobody; too many questions are refused', async () => {
  answering(doctorOf({ member: () => undefined }));
  expect(await ask()).toMatchObject({ failure: { code: 'cluster_missing' } });
  const codes = [];
  for (let count = 0; count < 6; count += 1) {
    const told = await ask();
    codes.push(told.ok ? 'ok' : told.failure.code);
  }
  expect(codes.at(-1)).toBe('busy');
});

test('of a machine that is no member yet the clock is read, to half a second', async () => {
  const port = Number(new URL(served.url).port);
  const seen = await lookAtPeerClock('127.0.0.1', port);
  expect(Math.abs(seen?.offset ?? Infinity)).toBeLessThanOrEqual((seen?.uncertainty ?? 0) + 20);
  expect(readFileSync(join(served.directory, 'token'), 'utf8')).not.toBe('');
  expect(served.gateway.asked).toEqual([]);
});

test('what a look finds enters the status, and goes with the look that finds it no more', async () => {
  const told: (string | undefined)[] = [];
  const timers: { delay: number; fired: () => void }[] = [];
  const finds = [
    [diagnosis('card_slow', 'san-a', 'repl0 runs at 100 Mbit/s')],
    [
      diagnosis('virtual_machine', 'san-a', 'it is a virtual machine (kvm)'),
      diagnosis('network_unreachable', 'san-a', 'cluster to san-b: no answer'),
    ],
  ];
  const watch = createDoctorWatch({
    look: () => {
      watch.found(finds.shift() ?? []);
      return Promise.resolve();
    },
    clock: {
      after: (delay, fired) => {
        timers.push({ delay, fired });
        return { cancel: () => undefined };
      },
    },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    soon: milliseconds(60),
    every: milliseconds(1000),
  });
  watch.start((key_, one) => told.push(one && `${key_} ${one.code}: ${one.message}`));
  for (let round = 0; round < 2; round += 1) {
    timers.at(-1)?.fired();
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
  }
  expect(told).toEqual(['doctor doctor_found: repl0 runs at 100 Mbit/s (card_slow)', undefined]);
  expect(timers.map(({ delay }) => delay)).toEqual([60, 60, 1000]);
  watch.close();
});
