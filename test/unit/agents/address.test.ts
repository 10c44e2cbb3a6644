import { expect, test } from 'vitest';
import { createAddressAgent, findInterface } from '../../../agents/address/agent.ts';
import { countConnections } from '../../../agents/address/connections.ts';
import { parseAddresses } from '../../../agents/address/interfaces.ts';
import { parseIpv6Addresses } from '../../../agents/address/ipv6-addresses.ts';
import { contextWith } from './fake-context.ts';

/** Captured from iproute2 6.1, shortened to two interfaces. */
const shown =
  '[{"ifindex":1,"ifname":"lo","flags":["LOOPBACK","UP","LOWER_UP"],"mtu":65536,"addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8,"scope":"host","label":"lo"}]},{},{"ifindex":5,"ifname":"stora0","operstate":"DOWN","addr_info":[{"family":"inet","local":"192.0.2.12","prefixlen":24,"scope":"global","label":"stora0"}]}]';

const agent = createAddressAgent();
// Documentation addresses (RFC 5737): no machine has them.
const address = { address: '192.0.2.12', prefix: 24 };

test('addresses are read as ip prints them', () => {
  expect(parseAddresses(shown)).toEqual({
    ok: true,
    value: [
      { interfaceName: 'lo', address: '127.0.0.1', prefix: 8 },
      { interfaceName: 'stora0', address: '192.0.2.12', prefix: 24 },
    ],
  });
  expect(parseAddresses('nonsense')).toMatchObject({ ok: false, failure: { code: 'command_failed' } });
});

test('IPv6 addresses are read as the kernel lists them (captured); what it does not use is told apart', () => {
  const listing = [
    '00000000000000000000000000000001 01 80 10 80       lo',
    '20010db8000500000000000000000010 02 40 00 a2   stora0',
    '20010db8000500000000000000000011 02 40 00 c8   stora0',
    'fe8000000000000050cfa4fffe5e6d2f 02 40 20 80   stora0',
  ].join('\n');
  expect(parseIpv6Addresses(listing)).toEqual([
    { interfaceName: 'lo', address: '::1', prefix: 128 },
    { interfaceName: 'stora0', address: '2001:db8:5::10', prefix: 64 },
    { interfaceName: 'stora0', address: '2001:db8:5::11', prefix: 64, refused: true },
    { interfaceName: 'stora0', address: 'fe80::50cf:a4ff:fe5e:6d2f', prefix: 64 },
  ]);
  expect(parseIpv6Addresses('')).toEqual([]);
});

test.each([
  ['in another form than the kernel writes it', { address: '2001:DB8:5::10', prefix: 64 }],
  ['with a zone', { address: 'fe80::1%stora0', prefix: 64 }],
  ['of IPv4 with the prefix of IPv6', { address: '192.0.2.12', prefix: 64 }],
])('an address %s is none', async (_what, given) => {
  expect(await agent.monitor(given, contextWith())).toMatchObject({
    ok: false,
    failure: { code: 'agent_parameters_invalid' },
  });
});

test('the interface is the one with another address of the subnet, never that of the address itself', () => {
  const lonely = { interfaceName: 'eth9', address: '192.0.2.12', prefix: 24 };
  const neighbour = { interfaceName: 'stora0', address: '192.0.2.1', prefix: 24 };
  expect(findInterface(address, [lonely])).toBeUndefined();
  expect(findInterface(address, [lonely, neighbour])).toBe('stora0');
});

test('an address that no interface has is stopped', async () => {
  const context = contextWith(() => ({ stdout: '[]' }));
  expect(await agent.monitor(address, context)).toEqual({ ok: true, value: { state: 'stopped' } });
});

test('an address on an interface without a link has failed, and is deleted by a stop', async () => {
  let text = shown;
  const context = contextWith(({ args }) => {
    if (args.includes('delete')) text = '[]';
    return { stdout: text };
  });
  const seen = await agent.monitor(address, context);
  // The interface is none of this machine's: its link state is not known.
  expect(seen).toMatchObject({ ok: true, value: { facts: { interface: 'stora0' } } });
  expect(await agent.stop(address, context)).toEqual({ ok: true, value: { state: 'stopped' } });
  expect(context.calls.some(({ args }) => args.join(' ') === 'address delete 192.0.2.12/24 dev stora0')).toBe(
    true,
  );
});

test('an address without an interface for it does not start', async () => {
  const result = await agent.start(
    { ...address, prefix: 32 },
    contextWith(() => ({ stdout: '[]' })),
  );
  expect(result).toMatchObject({ ok: false, failure: { code: 'address_no_link' } });
});

test('connections of hosts are those that are established, to this address, at the port of iSCSI', () => {
  const row = (local: string, state: string): string =>
    `   1: ${local} 0503000A:C1B2 ${state} 00000000:00000000 00:00000000 00000000     0        0 27419 1`;
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    row('6403000A:0CBC', '01'),
    row('6403000A:0CBC', '01'),
    row('6403000A:0CBC', '0A'),
    row('6403000A:0016', '01'),
    row('6404000A:0CBC', '01'),
  ].join('\n');
  expect(countConnections(table, '10.0.3.100')).toBe(2);
  expect(countConnections(table, '10.0.4.100')).toBe(1);
  expect(countConnections('', '10.0.4.100')).toBe(0);
  // As Linux 6.1 lists 2001:db8:5::10 in /proc/net/tcp6.
  const six = row('B80D0120000005000000000010000000:0CBC', '01');
  expect(countConnections(six, '2001:db8:5::10')).toBe(1);
  expect(countConnections(six, '2001:db8:5::11')).toBe(0);
});
