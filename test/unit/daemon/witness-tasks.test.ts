import { expect, test, vi } from 'vitest';
import { createWitnessTasks } from '../../../src/daemon/witness-tasks.ts';
import { failed, failure, success, type Result, type WitnessTask } from '../../../src/model/index.ts';
import type { askVotes } from '../../../src/platform/corosync/index.ts';
import type { Run } from '../../../src/platform/processes/run.ts';

type Votes = Extract<Awaited<ReturnType<typeof askVotes>>, { ok: true }>['value'];

const twoNode: Votes = { quorate: true, expected: 2, isTwoNode: true, isRegistered: false, isVoting: false };
const three: Votes = { ...twoNode, expected: 3, isTwoNode: false };
const voting: Votes = { ...three, isRegistered: true, isVoting: true };

/** A Corosync that goes by these rules, one look after the other; the last stays. */
function node(...seen: readonly [Votes, ...Votes[]]) {
  const done: string[] = [];
  let looks = 0;
  const run: Run = (program, args) => {
    done.push([program, ...args].join(' '));
    return Promise.resolve(success({ exitCode: 0, stdout: '', stderr: '' }));
  };
  const ask = vi.fn<typeof askVotes>(() => {
    looks += 1;
    return Promise.resolve(success(seen[Math.min(looks, seen.length) - 1] ?? seen[0]));
  });
  const perform = createWitnessTasks({
    witness: { prepare: () => Promise.resolve(success(undefined)) },
    corosyncFolder: '/nowhere',
    pause: () => Promise.resolve(),
    run,
    ask,
  });
  return { done, ask, perform };
}

const witness = { address: '10.0.0.9', tls: 'off' } as const;
const adding: WitnessTask = { kind: 'apply', nodes: 2, id: 1, witness, reload: true };
const removing: WitnessTask = { ...adding, witness: undefined };
const codeOf = (result: Result<void>): string | undefined => (result.ok ? undefined : result.failure.code);

test('Corosync reads its configuration, then the device is started, and waited for until the witness votes', async () => {
  const { done, perform } = node(twoNode, twoNode, three, three, voting);
  expect(await perform(adding)).toEqual(success(undefined));
  expect(done).toEqual([
    'corosync-cfgtool -R',
    'systemctl reset-failed corosync-qdevice.service',
    'systemctl start corosync-qdevice.service',
  ]);
});

test('repeated where all is as it should be, Corosync reads nothing anew', async () => {
  const { done, perform } = node(voting);
  expect(await perform(adding)).toEqual(success(undefined));
  expect(done).not.toContain('corosync-cfgtool -R');
});

test('who is not to have it read does nothing before Corosync has taken the rules', async () => {
  const { done, perform } = node(twoNode);
  expect(codeOf(await perform({ ...adding, reload: false }))).toBe('not_synchronised');
  expect(done).toEqual([]);
});

test('a witness that gives no vote is named, and why', async () => {
  for (const [votes, why] of [
    [three, 'corosync-qdevice does not run here'],
    [{ ...voting, isVoting: false }, 'it cannot be reached, or refuses'],
  ] as const) {
    const result = await node(votes).perform(adding);
    expect(result).toMatchObject({ failure: { code: 'witness_unreachable' } });
    expect(result.ok ? '' : result.failure.message).toContain(`10.0.0.9 does not vote yet: ${why}`);
  }
});

test('back to two nodes: the device is stopped only when Corosync goes by the rules without it', async () => {
  const { done, perform } = node(voting, voting, twoNode);
  expect(await perform(removing)).toEqual(success(undefined));
  expect(done).toEqual([
    'corosync-cfgtool -R',
    'systemctl reset-failed corosync-qdevice.service',
    'systemctl stop corosync-qdevice.service',
  ]);
  const stays = node(voting);
  expect(codeOf(await stays.perform(removing))).toBe('not_synchronised');
  expect(stays.done).toEqual(['corosync-cfgtool -R']);
});

test('a Corosync that does not answer is waited for, and told of', async () => {
  const { ask, perform } = node(voting);
  ask.mockResolvedValue(failed(failure('not_synchronised', 'Corosync does not answer')));
  expect(codeOf(await perform(adding))).toBe('not_synchronised');
});
