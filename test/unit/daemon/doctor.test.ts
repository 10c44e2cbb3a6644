import { expect, test } from 'vitest';
import { createDoctor } from '../../../src/daemon/doctor.ts';
import { emptyStatus } from '../../../src/daemon/unformed.ts';
import { failed, failure, milliseconds, success, type Examination } from '../../../src/model/index.ts';
import { alone, factsOf, healthyMachine } from '../doctor/machine.ts';
import { config, member, servingMachine } from '../doctor/members.ts';

const clock = { now: () => milliseconds(1_795_000_000_000) };
const nobody = (): Promise<never> => Promise.reject(new Error('asked without a cluster'));
const noCluster = () => Promise.resolve(undefined);

const onHealthy = (asked: Examination[] = []) =>
  createDoctor({
    hostName: 'san-a',
    member: () => undefined,
    clock,
    authkey: nobody,
    fingerprint: nobody,
    peers: nobody,
    found: () => {
      throw new Error('told of a node that is no member');
    },
    look: (order) => {
      asked.push(order);
      return factsOf(healthyMachine(), alone);
    },
  });

test('a machine without a cluster is looked at under its host’s name, with the disks that were named', async () => {
  const asked: Examination[] = [];
  const report = await onHealthy(asked).report({ disks: ['/dev/disk/by-id/x'] }, noCluster);
  expect(report).toMatchObject({
    value: { by: 'san-a', nodes: [{ node: 'san-a', examined: true }], verdicts: [] },
  });
  expect(asked.map(({ disks, names }) => [disks, names])).toEqual([[['/dev/disk/by-id/x'], ['san-a']]]);
});

test('problems of the status come first, by their own codes', async () => {
  const report = await onHealthy().report({}, () =>
    Promise.resolve(
      success({
        ...emptyStatus,
        problems: [
          { code: 'fencing_waived', severity: 'attention', message: 'Ann answers for it', next: 'Test it.' },
          {
            code: 'node_offline',
            severity: 'failure-would-not-be-survived',
            message: 'san-b is off',
            next: 'Start it.',
          },
        ],
      }),
    ),
  );
  const told = report.ok ? report.value.diagnoses : [];
  expect(told.map(({ code, weight }) => `${weight} ${code}`)).toEqual([
    'forbids node_offline',
    'warns fencing_waived',
    'informs disk_blank',
  ]);
});

test('a node whose engine cannot start is looked at all the same, and says why it cannot', async () => {
  const report = await onHealthy().report({}, () =>
    Promise.resolve(failed(failure('store_damaged', 'the header is damaged'))),
  );
  expect(report).toMatchObject({
    value: { diagnoses: [{ code: 'store_damaged', weight: 'forbids', found: 'the header is damaged' }, {}] },
  });
});

test('one examination at a time', async () => {
  const doctor = onHealthy();
  const first = doctor.report({}, noCluster);
  expect(await doctor.report({}, noCluster)).toMatchObject({ failure: { code: 'busy' } });
  expect(await first).toMatchObject({ ok: true });
  expect(await doctor.report({}, noCluster)).toMatchObject({ ok: true });
});

test('in a cluster the other node is asked too, and one node can be asked about alone', async () => {
  const told: string[] = [];
  const doctor = createDoctor({
    hostName: 'san-a',
    member: () => ({ node: 'san-a', config }),
    clock,
    authkey: nobody,
    fingerprint: nobody,
    peers: () =>
      Promise.resolve([{ node: 'san-b', answer: failed(failure('peer_unreachable', 'no route')) }]),
    found: (all) => told.push(...all.map(({ code }) => code)),
    look: () => factsOf(servingMachine(), member),
  });
  const status = () =>
    Promise.resolve(success({ ...emptyStatus, problems: [], synchronised: true, quorate: true }));
  const all = await doctor.report({}, status);
  expect(all).toMatchObject({
    value: {
      clusterName: 'lab',
      nodes: [
        { node: 'san-a', examined: true },
        { node: 'san-b', examined: false },
      ],
    },
  });
  const codes = (report: typeof all) => (report.ok ? report.value.diagnoses.map(({ code }) => code) : []);
  expect(codes(all)).toEqual([
    'disk_missing',
    'peer_not_examined',
    'fence_board_alone',
    'fence_board_alone',
    'witness_absent',
  ]);
  expect(told).toEqual(['disk_missing']);
  expect(codes(await doctor.report({ node: 'san-b' }, status))).toEqual([
    'peer_not_examined',
    'fence_board_alone',
  ]);
  expect(codes(await doctor.report({ node: 'san-a' }, status))).toEqual([
    'disk_missing',
    'fence_board_alone',
  ]);
  expect(await doctor.report({ node: 'san-x' }, status)).toMatchObject({
    failure: { code: 'node_not_found' },
  });
  expect(await doctor.report({ peer: '10.0.0.9' }, status)).toMatchObject({
    failure: { code: 'body_invalid' },
  });
});
