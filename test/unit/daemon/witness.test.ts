import { readFileSync } from 'node:fs';
import { beforeEach, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { ClusterFile } from '../../../src/api/schemas/index.ts';
import { askedWitness, createWitness, witnessView, type Witness } from '../../../src/daemon/witness.ts';
import {
  failed,
  failure,
  success,
  type ClusterConfig,
  type WitnessChange,
  type WitnessIntent,
} from '../../../src/model/index.ts';
import type { checkReachable } from '../../../src/platform/witness-setup/ask-witness.ts';
import type { DeviceCertificates } from '../../../src/platform/witness-setup/device-certificates.ts';

const file = ClusterFile.parse(parse(readFileSync('docs/cluster.example.yaml', 'utf8')));
const witnessed = (tls?: 'off' | 'on' | 'required') => ({ ...file, witness: { address: '10.0.0.9', tls } });
const config = (tls: WitnessIntent['tls']) => ({
  clusterName: 'san',
  witness: { address: '10.0.0.9', tls },
});
const credentials = { authority: 'CA', identity: 'key' };

const certificates = {
  check: vi.fn<DeviceCertificates['check']>(),
  obtain: vi.fn<DeviceCertificates['obtain']>(),
  credentials: vi.fn<DeviceCertificates['credentials']>(),
  install: vi.fn<DeviceCertificates['install']>(),
};
const check = vi.fn(() => Promise.resolve(success(undefined)));
const reach = vi.fn<typeof checkReachable>();

let witness: Witness;
beforeEach(() => {
  vi.clearAllMocks();
  for (const name of ['check', 'obtain', 'install'] as const)
    certificates[name].mockResolvedValue(success(undefined));
  certificates.credentials.mockResolvedValue(success(credentials));
  reach.mockResolvedValue(success(undefined));
  witness = createWitness({ log: { info: () => undefined }, certificates, check, reach });
});

test('who gives a witness secret wants certificates, and is told where it is for nothing', () => {
  expect(witness.read(witnessed(), undefined)).toEqual(success(witnessed()));
  expect(witness.read(witnessed(), 'secret')).toEqual(success(witnessed('required')));
  expect(witness.read(witnessed('on'), 'secret')).toEqual(success(witnessed('on')));
  for (const given of [{ ...file, witness: undefined }, witnessed('off')])
    expect(witness.read(given, 'secret')).toMatchObject({ failure: { code: 'cluster_file_invalid' } });
});

test('a first node asks the witness for its certificates, and whether it is reached, before anything is changed', async () => {
  expect(await witness.checkFirst(config('required'), 'secret')).toEqual(success(undefined));
  expect(certificates.check).toHaveBeenCalledWith({ cluster: 'san', address: '10.0.0.9', secret: 'secret' });
  expect(certificates.obtain).not.toHaveBeenCalled();
  reach.mockResolvedValue(failed(failure('witness_unreachable', 'no')));
  expect(await witness.checkFirst(config('required'), 'secret')).toMatchObject({
    failure: { code: 'witness_unreachable' },
  });
  certificates.check.mockResolvedValue(failed(failure('witness_secret_missing', 'no')));
  expect(await witness.checkFirst(config('on'), undefined)).toMatchObject({
    failure: { code: 'witness_secret_missing' },
  });
});

test('without encryption, or without a witness, nothing is asked and nothing handed over', async () => {
  for (const given of [config('off'), { clusterName: 'san' }]) {
    expect(await witness.checkFirst(given, undefined)).toEqual(success(undefined));
    expect(await witness.obtain(given, undefined)).toEqual(success(undefined));
    expect(await witness.credentials(given)).toEqual(success(undefined));
    expect(await witness.install(given, credentials)).toEqual(success(undefined));
  }
  for (const called of [...Object.values(certificates), reach]) expect(called).not.toHaveBeenCalled();
});

test('a node that joins is given what the others have, also while the witness is away', async () => {
  reach.mockResolvedValue(failed(failure('witness_unreachable', 'no')));
  expect(await witness.checkJoining(config('required'))).toEqual(success(undefined));
  expect(await witness.credentials(config('required'))).toEqual(success(credentials));
  expect(await witness.install(config('required'), credentials)).toEqual(success(undefined));
  expect(certificates.install).toHaveBeenCalledWith('san', credentials);
});

test('a node of a cluster that is there gets its certificates, and looks for the witness', async () => {
  expect(await witness.prepare(config('required'), credentials)).toEqual(success(undefined));
  expect(certificates.install).toHaveBeenCalledWith('san', credentials);
  expect(reach).toHaveBeenCalledWith('10.0.0.9');
  reach.mockResolvedValue(failed(failure('witness_unreachable', 'no')));
  expect(await witness.prepare(config('off'), undefined)).toMatchObject({
    failure: { code: 'witness_unreachable' },
  });
  expect(certificates.install).toHaveBeenCalledTimes(1);
});

test('the witness is asked from when Corosync is to go by its vote, until Corosync goes without', () => {
  const coming: WitnessIntent = { address: '10.0.0.9', tls: 'off' };
  const during = (change: Pick<WitnessChange, 'kind' | 'phase'>): ClusterConfig =>
    ({
      ...(change.kind === 'witness.remove' && { witness: coming }),
      witnessChange: { ...change, witness: coming, operation: 'o' },
    }) as ClusterConfig;
  const asked = (kind: WitnessChange['kind']): readonly boolean[] =>
    (['prepare', 'write', 'apply'] as const).map(
      (phase) => askedWitness(during({ kind, phase })) !== undefined,
    );
  expect(asked('witness.add')).toEqual([false, false, true]);
  expect(asked('witness.remove')).toEqual([true, true, false]);
  expect(witnessView(during({ kind: 'witness.add', phase: 'write' }), undefined)).toEqual({
    address: '10.0.0.9',
    tls: 'off',
    votes: undefined,
    change: 'adding',
  });
  expect(witnessView({} as ClusterConfig, true)).toBeUndefined();
});
