import { expect, test, vi } from 'vitest';
import { checkPortal } from '../../../src/platform/portal-check.ts';
import type { Run } from '../../../src/platform/processes/run.ts';
import { success } from '../../../src/model/index.ts';

const card = (address: string, prefix: number, internal = false) => [
  {
    address,
    netmask: '',
    mac: '52:54:00:00:00:01',
    family: 'IPv4' as const,
    internal,
    cidr: `${address}/${prefix}`,
  },
];
const cards = {
  lo: card('127.0.0.1', 8, true),
  stora0: card('10.0.3.11', 24),
  storb0: card('10.0.4.11', 25),
};

const network = (exitCode: number) =>
  vi.fn<Run>(() => Promise.resolve(success({ exitCode, stdout: '', stderr: 'no such device' })));

test('an address that nobody answers to can become a portal; its network is asked, from no address', async () => {
  const run = network(0);
  expect(await checkPortal('10.0.3.100', 24, run, cards)).toEqual(success(undefined));
  expect(run.mock.calls).toEqual([
    ['arping', ['-D', '-q', '-c', '3', '-w', '3', '-I', 'stora0', '10.0.3.100']],
  ]);
});

test.each([
  ['somebody answers', '10.0.3.100', 24, 1, 'address_taken', 'in the network of stora0 answers'],
  ['the question fails', '10.0.3.100', 24, 2, 'command_failed', 'no such device'],
  ['it is the node’s own', '10.0.3.11', 24, 0, 'address_taken', 'on stora0'],
  ['no card is in its network', '10.0.5.100', 24, 0, 'portal_unfit', 'no card'],
  ['only the loopback is', '127.0.0.5', 8, 0, 'portal_unfit', 'no card'],
  ['its mask is wider', '10.0.3.100', 16, 0, 'portal_unfit', '10.0.3.11/24'],
  ['its mask is narrower', '10.0.4.100', 26, 0, 'portal_unfit', '10.0.4.11/25'],
  ['it is in the other half', '10.0.4.200', 25, 0, 'portal_unfit', 'no card'],
])('where %s, it is refused', async (_what, address, prefix, exitCode, code, words) => {
  const checked = await checkPortal(address, prefix, network(exitCode), cards);
  expect(checked).toMatchObject({ ok: false, failure: { code } });
  expect(checked.ok ? '' : checked.failure.message).toContain(words);
});
