import { describe, expect, test } from 'vitest';
import { step } from '../../../src/engine/index.ts';
import { PROTOCOL, type Envelope, type Message } from '../../../src/engine/controller/messages.ts';
import { decode, encode } from '../../../src/engine/controller/wire/envelope.ts';
import { milliseconds } from '../../../src/model/index.ts';
import { digest } from '../../simulation/digest.ts';
import { Random } from '../../simulation/random.ts';
import { overhear } from './overheard.ts';

const { world, payloads } = overhear(3);
const [alpha] = world.machines;
const clusterId = alpha.store.config.clusterId;

const read = (payload: string): ReturnType<typeof decode> => decode(payload, clusterId, digest);
const envelopeOf = (payload: string): Envelope => {
  const decoded = read(payload);
  if (!decoded.ok) throw new Error(decoded.failure.message);
  return decoded.value;
};
const sealed = (envelope: unknown): string => encode(envelope as Envelope, digest);

/** One real message of each kind, with as much in it as any. */
const samples = new Map<Message['kind'], string>();
for (const payload of payloads) {
  const { kind } = envelopeOf(payload).message;
  if (payload.length > (samples.get(kind)?.length ?? 0)) samples.set(kind, payload);
}
const anyone = envelopeOf(payloads[0] ?? '');
samples.set('agree', sealed({ ...anyone, message: { kind: 'agree', told: '1.life.5' } }));
samples.set('resync', sealed({ ...anyone, message: { kind: 'resync' } }));
samples.set('look', sealed({ ...anyone, message: { kind: 'look', node: 'beta', resource: 'target-t' } }));
samples.set('leaving', sealed({ ...anyone, message: { kind: 'leaving', node: 'beta', leaving: true } }));
samples.set(
  'witness',
  sealed({
    ...anyone,
    message: {
      kind: 'witness',
      node: 'beta',
      operation: 'operation-alpha-1',
      phase: 'apply',
      failure: { code: 'witness_unreachable', message: 'for the sake of the test' },
    },
  }),
);

/** The compiler wants every kind here. */
const kinds: Readonly<Record<Message['kind'], true>> = {
  sync: true,
  agree: true,
  resync: true,
  heartbeat: true,
  config: true,
  propose: true,
  persisted: true,
  order: true,
  outcome: true,
  report: true,
  look: true,
  notice: true,
  witness: true,
  leaving: true,
  cleanup: true,
  'fence-device': true,
  'fence-wanted': true,
  'fence-withdrawn': true,
  'fence-order': true,
  'fence-outcome': true,
};

/** What the engine of a running cluster does with it; throws where it throws. */
function hear(payload: string): readonly string[] {
  const { engine } = alpha;
  if (engine === undefined) throw new Error('no engine runs');
  const input = { kind: 'transport', event: { kind: 'message', node: 2, payload } } as const;
  const { effects } = step(engine.state, input, milliseconds(alpha.uptime), digest);
  return effects.flatMap((effect) => (effect.kind === 'log' ? [effect.message] : []));
}

const ROUNDS = 150;

describe.each(Object.keys(kinds) as Message['kind'][])('a message of kind %s', (kind) => {
  const payload = samples.get(kind) ?? '';

  test('comes through whole', () => {
    const envelope = envelopeOf(payload);
    expect(envelope.message.kind).toBe(kind);
    expect(sealed(envelope)).toBe(payload);
  });

  test('is refused where a bit of it has turned', () => {
    const random = new Random(1, kind.length);
    const bytes = Buffer.from(payload);
    for (let round = 0; round < ROUNDS; round += 1) {
      const damaged = Buffer.from(bytes);
      const at = random.between(0, bytes.length - 1);
      damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << random.between(0, 7)), at);
      expect(read(damaged.toString('utf8')), `byte ${at}`).toMatchObject({ ok: false });
    }
  });

  test('is refused where it is cut short', () => {
    const random = new Random(2, kind.length);
    for (let round = 0; round < ROUNDS; round += 1)
      expect(read(payload.slice(0, random.between(0, payload.length - 1)))).toMatchObject({ ok: false });
  });

  test('of any other shape never makes an engine throw, even from one that means it', () => {
    const random = new Random(3, kind.length);
    let refused = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const wrong = sealed(reshaped(JSON.parse(payload.slice(payload.indexOf('{'))) as Json, random));
      const isRefused = !read(wrong).ok;
      if (isRefused) refused += 1;
      // What is refused is refused in the same way every time.
      if (!isRefused || round < 5) hear(wrong);
    }
    expect(refused).toBeGreaterThan(ROUNDS / 5);
  });
});

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
const others: readonly Json[] = [null, true, -1, 1.5, 1e300, '', 'x', [], {}, [{}], { kind: 'x' }];

/** Somewhere something is missing, or is something else. */
function reshaped(value: Json, random: Random): Json {
  if (typeof value !== 'object' || value === null || random.chance(0.1)) return random.pick(others);
  if (Array.isArray(value)) {
    if (value.length === 0) return [random.pick(others)];
    const at = random.between(0, value.length - 1);
    return value.map((item, index) => (index === at ? reshaped(item, random) : item));
  }
  const names = Object.keys(value);
  if (names.length === 0) return { x: random.pick(others) };
  const name = random.pick(names);
  const { [name]: inner, ...rest } = value;
  return inner === undefined || random.chance(0.15) ? rest : { ...rest, [name]: reshaped(inner, random) };
}

describe('what is refused', () => {
  const refusal = (payload: string): string => {
    const decoded = read(payload);
    return decoded.ok ? 'taken' : `${decoded.failure.code}: ${decoded.failure.message}`;
  };

  test('says which version the other one speaks, older or newer, whatever stands behind it', () => {
    const next = payloads[0]?.replace(`keelson/${PROTOCOL} `, `keelson/${PROTOCOL + 1} `) ?? '';
    expect(refusal(next)).toBe(
      `message_version: its engine speaks version ${PROTOCOL + 1} of the protocol, this one ${PROTOCOL}`,
    );
    expect(refusal(`keelson/${PROTOCOL + 1} ?? not even JSON`)).toContain('message_version');
    expect(refusal('{"kind":"sync","protocol":1}')).toContain('speaks version 1');
  });

  test('is of another cluster, though well made', () => {
    expect(refusal(sealed({ ...anyone, cluster: 'another' }))).toBe(
      'message_foreign: it is of another cluster',
    );
  });

  test('is a configuration other than its hash names', () => {
    const { message, ...rest } = envelopeOf(samples.get('config') ?? '');
    if (message.kind !== 'config') throw new Error('no configuration was told');
    const config = { ...message.config, revision: message.config.revision + 1 };
    expect(refusal(sealed({ ...rest, message: { ...message, config } }))).toContain(
      'the one that its hash names',
    );
  });

  test('names the place that has another shape', () => {
    const { message, ...rest } = envelopeOf(samples.get('report') ?? '');
    const wrong = { ...message, observation: { state: 'asleep' } };
    expect(refusal(sealed({ ...rest, message: wrong }))).toBe(
      'message_malformed: it.message.observation.state is none of stopped, running, promoted, failed',
    );
  });
});
