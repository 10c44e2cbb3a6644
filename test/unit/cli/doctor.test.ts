import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  diagnosis,
  milliseconds,
  success,
  type Diagnosis,
  type DoctorReport,
} from '../../../src/model/index.ts';
import { serve, type Served } from '../api/served.ts';
import { keelson } from './command.ts';

let served: Served;
beforeEach(async () => {
  served = await serve();
});
afterEach(() => served.close());

const report = (...diagnoses: readonly Diagnosis[]): DoctorReport => ({
  at: milliseconds(1_795_000_000_000),
  by: 'san-a',
  nodes: [{ node: 'san-a', examined: true }],
  diagnoses,
  verdicts: [],
});

const slow = diagnosis('card_slow', 'san-a', 'repl0 runs at 100 Mbit/s');
const full = diagnosis('disk_has_data', 'san-a', '/dev/sdb carries ext4');
const virtual = diagnosis('virtual_machine', 'san-a', 'it is a virtual machine (kvm)');

const finds = (...found: readonly Diagnosis[]): void => {
  served.gateway.replies.doctor = () => success(report(...found));
};

test('a healthy machine ends with 0, and says so first', async () => {
  finds(virtual);
  const { code, stdout } = await keelson(served, ['doctor']);
  expect(code).toBe(0);
  expect(stdout).toBe(
    [
      'Nothing to mend.',
      'san-a, which belongs to no cluster yet; looked at san-a: 0 forbid, 0 warn, 1 inform',
      '',
      'informs: san-a: it is a virtual machine (kvm) (virtual_machine)',
      `  why: ${virtual.why}`,
      '',
    ].join('\n'),
  );
  expect(served.gateway.asked).toEqual([{ kind: 'doctor', request: {} }]);
});

test('what warns ends with 4, what forbids with 5, each with the way to mend it', async () => {
  finds(slow);
  const warned = await keelson(served, ['doctor']);
  expect([warned.code, warned.stdout.split('\n')[0]]).toEqual([4, 'Something to mend.']);
  finds(full, slow);
  const forbidden = await keelson(served, ['doctor', '--disk', '/dev/disk/by-id/scsi-b']);
  expect([forbidden.code, forbidden.stdout.split('\n')[0]]).toEqual([5, 'NOT READY.']);
  expect(forbidden.stdout).toContain('FORBIDS: san-a: /dev/sdb carries ext4 (disk_has_data)\n');
  expect(forbidden.stdout).toContain(`  mend: ${slow.mend}\n`);
  expect(served.gateway.asked.at(-1)?.request).toEqual({ disks: ['/dev/disk/by-id/scsi-b'] });
});

test('--json prints the body of the API, and the exit code is the same', async () => {
  finds(full);
  const { code, stdout } = await keelson(served, ['doctor', '--json']);
  const { body } = await served.send('POST', '/api/v1/doctor');
  expect([code, JSON.parse(stdout)]).toEqual([5, body]);
});

test('a disk by a name that may be another one’s after the next boot is refused', async () => {
  const { code, stderr } = await keelson(served, ['doctor', '--disk', '/dev/sdb']);
  expect([code, served.gateway.asked]).toEqual([1, []]);
  expect(stderr).toContain('code: body_invalid');
});

test('in a cluster it is said first whether the loss of each node would be survived; where not, nothing else counts', async () => {
  served.gateway.replies.doctor = ({ node }) =>
    success({
      ...report(),
      clusterName: 'lab',
      verdicts: [
        {
          node: node ?? 'san-a',
          survives: false,
          because: ['san-b has no current copy of pool1 (Inconsistent)'],
        },
      ],
    });
  const { code, stdout } = await keelson(served, ['doctor', 'san-a', '--peer', '10.0.0.2']);
  expect(code).toBe(5);
  expect(stdout).toBe(
    [
      'NOT READY.',
      'cluster lab; looked at san-a: 0 forbid, 0 warn, 0 inform',
      'THE LOSS OF san-a now WOULD NOT BE SURVIVED, because',
      '  san-b has no current copy of pool1 (Inconsistent)',
      '',
    ].join('\n'),
  );
  expect(served.gateway.asked.at(-1)?.request).toEqual({ node: 'san-a', peer: '10.0.0.2' });
});
