import { beforeEach, expect, test, vi } from 'vitest';
import { createWitness } from '../../../src/daemon/witness.ts';
import { createWitnessRequests } from '../../../src/daemon/witness-requests.ts';
import { failed, failure, success, type FailureCode, type Result } from '../../../src/model/index.ts';
import type { checkReachable } from '../../../src/platform/witness-setup/ask-witness.ts';
import type { DeviceCertificates } from '../../../src/platform/witness-setup/device-certificates.ts';
import { beginning } from '../platform/fixtures/changes.ts';

const credentials = { authority: 'CA', identity: 'key' };
const certificates = {
  check: vi.fn<DeviceCertificates['check']>(),
  obtain: vi.fn<DeviceCertificates['obtain']>(),
  credentials: vi.fn<DeviceCertificates['credentials']>(),
  install: vi.fn<DeviceCertificates['install']>(),
};
const reach = vi.fn<typeof checkReachable>();
const programs = vi.fn(() => Promise.resolve(success(undefined) as Result<void>));
/** As the engine answers: first whether it may be, then with what was begun. */
const engine = vi.fn<(kind: string, body: object) => Promise<Result<unknown>>>();

const config = beginning();
const operation = { id: 'operation-1' };
const { signal } = new AbortController();
let requests: ReturnType<typeof createWitnessRequests>;

beforeEach(() => {
  vi.clearAllMocks();
  for (const name of ['check', 'obtain', 'install'] as const)
    certificates[name].mockResolvedValue(success(undefined));
  certificates.credentials.mockResolvedValue(success(credentials));
  reach.mockResolvedValue(success(undefined));
  programs.mockResolvedValue(success(undefined));
  engine.mockImplementation((_kind, body) =>
    Promise.resolve(success('dryRun' in body ? { operation: undefined, isNew: true } : { operation })),
  );
  requests = createWitnessRequests({
    witness: createWitness({ log: { info: () => undefined }, certificates, check: programs, reach }),
    current: () => config,
  });
});

const add = (secret: string | undefined = 'secret', tls?: 'off' | 'on' | 'required') =>
  requests.add({ request: engine }, { witness: { address: '10.0.0.9', tls }, secret }, signal);

test('with a secret the node gets its certificates first, and the engine gets them for the others', async () => {
  expect(await add()).toEqual(success({ operation }));
  const asked = { cluster: config.clusterName, address: '10.0.0.9', secret: 'secret' };
  expect(certificates.obtain).toHaveBeenCalledWith(asked);
  const wanted = { address: '10.0.0.9', tls: 'required' };
  expect(engine.mock.calls.map(([, body]) => body)).toEqual([
    { witness: wanted, dryRun: true },
    { witness: wanted, secrets: credentials },
  ]);
});

test('without encryption nothing is asked of the set-up, but the witness has to be reached', async () => {
  await requests.add({ request: engine }, { witness: { address: '10.0.0.9' } }, signal);
  expect(certificates.check).not.toHaveBeenCalled();
  expect(reach).toHaveBeenCalledWith('10.0.0.9');
  expect(engine.mock.calls.at(-1)?.[1]).toMatchObject({
    witness: { address: '10.0.0.9', tls: 'off' },
    secrets: undefined,
  });
});

test('what the engine refuses costs no secret, and what is there already asks for none', async () => {
  const codes: FailureCode[] = [
    'witness_exists',
    'witness_busy',
    'witness_needs_all_nodes',
    'witness_invalid',
  ];
  for (const code of codes) {
    engine.mockResolvedValue(failed(failure(code, 'no')));
    expect(await add()).toMatchObject({ failure: { code } });
  }
  engine.mockResolvedValue(success({ operation: undefined }));
  expect(await add(undefined)).toEqual(success({ operation: undefined }));
  engine.mockResolvedValue(success({ operation }));
  expect(await add()).toEqual(success({ operation }));
  for (const called of [...Object.values(certificates), reach]) expect(called).not.toHaveBeenCalled();
});

test.each<readonly [string, FailureCode, () => void]>([
  ['a missing secret', 'witness_secret_missing', () => refuse('check', 'witness_secret_missing')],
  ['a wrong secret', 'witness_secret_wrong', () => refuse('check', 'witness_secret_wrong')],
  ['a secret that is used up', 'witness_secret_expired', () => refuse('check', 'witness_secret_expired')],
  ['a wrong address', 'witness_setup_unreachable', () => refuse('check', 'witness_setup_unreachable')],
  [
    'a name that another cluster has there',
    'witness_name_taken',
    () => refuse('check', 'witness_name_taken'),
  ],
  ['clocks that differ', 'witness_clock_differs', () => refuse('check', 'witness_clock_differs')],
  ['a corosync-qnetd that is not reached', 'witness_unreachable', () => unreachable()],
  ['a package that is missing', 'command_missing', () => missing()],
  [
    'a set-up that ends in between',
    'witness_secret_expired',
    () => refuse('obtain', 'witness_secret_expired'),
  ],
])('%s is told as %s, and no node is asked for anything', async (_what, code, given) => {
  given();
  expect(await add()).toMatchObject({ failure: { code } });
  expect(engine.mock.calls.map(([, body]) => body)).toEqual([expect.objectContaining({ dryRun: true })]);
});

const refuse = (step: 'check' | 'obtain', code: FailureCode): void => {
  certificates[step].mockResolvedValue(failed(failure(code, 'no')));
};
const unreachable = (): void => {
  reach.mockResolvedValue(failed(failure('witness_unreachable', 'no')));
};
const missing = (): void => {
  programs.mockResolvedValue(failed(failure('command_missing', 'no')));
};

test('a secret where nothing is encrypted is for nothing', async () => {
  expect(await add('secret', 'off')).toMatchObject({ failure: { code: 'witness_invalid' } });
  expect(engine).not.toHaveBeenCalled();
});

test('two at one time do not get in each other’s way', async () => {
  const { promise, resolve } = Promise.withResolvers<Result<void>>();
  certificates.obtain.mockReturnValue(promise);
  const first = add();
  await vi.waitFor(() => expect(certificates.obtain).toHaveBeenCalled());
  expect(await add()).toMatchObject({ failure: { code: 'witness_busy' } });
  resolve(success(undefined));
  expect(await first).toEqual(success({ operation }));
  expect(await add()).toEqual(success({ operation }));
});
