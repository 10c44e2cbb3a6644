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

const six = (address: string, prefix: number) => ({
  address,
  netmask: '',
  mac: '52:54:00:00:00:01',
  family: 'IPv6' as const,
  scopeid: 0,
  internal: false,
  cidr: `${address}/${prefix}`,
});
/** One card with an address lent for itself alone, as DHCP lends them, and one that is fixed. */
const withIpv6 = {
  ...cards,
  stora0: [...cards.stora0, six('2001:db8:5::99', 128), six('2001:db8:5::11', 64)],
};

test('an IPv6 address is asked for in its own network, by the card that has another one there', async () => {
  const neighbours = vi.fn(() => Promise.resolve([]));
  const run = network(0);
  expect(await checkPortal('2001:db8:5::10', 64, { run, neighbours }, withIpv6)).toEqual(success(undefined));
  expect(neighbours.mock.calls).toEqual([['stora0', '2001:db8:5::10']]);
  expect(run).not.toHaveBeenCalled();
});

test.each([
  ['somebody answers', '2001:db8:5::10', 64, 'address_taken', '52:54:00:00:00:09'],
  ['it is the node’s own', '2001:db8:5::11', 64, 'address_taken', 'on stora0'],
  ['no card is in its network', '2001:db8:6::10', 64, 'portal_unfit', 'no card'],
  ['its prefix is longer', '2001:db8:5::10', 80, 'portal_unfit', '2001:db8:5::11/64'],
])('where %s, an IPv6 address is refused', async (_what, address, prefix, code, words) => {
  const questions = { run: network(0), neighbours: () => Promise.resolve(['52:54:00:00:00:09']) };
  const checked = await checkPortal(address, prefix, questions, withIpv6);
  expect(checked).toMatchObject({ ok: false, failure: { code } });
  expect(checked.ok ? '' : checked.failure.message).toContain(words);
});

test('where the network cannot be asked for an IPv6 address, it is refused with the reason', async () => {
  const questions = { run: network(0), neighbours: () => Promise.reject(new Error('stora0: ENETDOWN')) };
  expect(await checkPortal('2001:db8:5::10', 64, questions, withIpv6)).toMatchObject({
    failure: { code: 'command_failed', message: expect.stringContaining('ENETDOWN') as string },
  });
});

test('an address that nobody answers to can become a portal; its network is asked, from no address', async () => {
  const run = network(0);
  expect(await checkPortal('10.0.3.100', 24, { run }, cards)).toEqual(success(undefined));
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
  const checked = await checkPortal(address, prefix, { run: network(exitCode) }, cards);
  expect(checked).toMatchObject({ ok: false, failure: { code } });
  expect(checked.ok ? '' : checked.failure.message).toContain(words);
});
