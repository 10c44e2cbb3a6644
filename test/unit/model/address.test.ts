import { expect, test } from 'vitest';
import {
  addressBytes,
  addressText,
  canonicalAddress,
  hostOf,
  isSameSubnet,
  portalText,
  subnetOf,
} from '../../../src/model/index.ts';

// The examples of RFC 5952, and what its rules say of the ends.
test.each([
  ['2001:0db8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1'],
  ['2001:DB8::AAAA', '2001:db8::aaaa'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
  ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
  ['2001:db8:5:0:0:0:0:0', '2001:db8:5::'],
  ['0:0:0:0:0:0:0:1', '::1'],
  ['::', '::'],
  ['2001:db8::10.0.3.100', '2001:db8::a00:364'],
  ['10.0.3.100', '10.0.3.100'],
])('%s is written %s', (text, canonical) => {
  expect(canonicalAddress(text)).toBe(canonical);
  expect(addressText(addressBytes(canonical))).toBe(canonical);
});

test.each([
  ['10.77.1.17', 24, '10.77.1.0/24'],
  ['10.77.3.1', 23, '10.77.2.0/23'],
  ['200.0.0.1', 1, '128.0.0.0/1'],
  ['192.168.0.1', 32, '192.168.0.1/32'],
  ['2001:db8:5::10', 64, '2001:db8:5::/64'],
  ['2001:db8:5:ffff::10', 52, '2001:db8:5:f000::/52'],
  ['2001:db8:5::11', 127, '2001:db8:5::10/127'],
])('%s/%d is in %s', (address, prefix, subnet) => {
  expect(subnetOf(address, prefix)).toBe(subnet);
});

test.each([
  ['10.77.3.1', '10.77.3.254', 24, true],
  ['10.77.3.1', '10.77.4.1', 24, false],
  ['10.77.2.1', '10.77.3.1', 23, true],
  ['192.168.0.1', '192.168.0.1', 32, true],
  ['1.0.0.1', '129.0.0.1', 1, false],
  ['200.0.0.1', '129.0.0.1', 1, true],
  ['2001:db8:5::10', '2001:db8:5::a:b:c:d', 64, true],
  ['2001:db8:5::10', '2001:db8:6::10', 64, false],
  ['2001:db8:5::10', '32.1.13.184', 8, false],
])('%s and %s share /%d: %s', (one, other, prefix, same) => {
  expect(isSameSubnet(one, other, prefix)).toBe(same);
});

test('a host of a subnet is counted from its own address; the broadcast address is none', () => {
  expect(hostOf('10.77.1.0/24', 100)).toBe('10.77.1.100');
  expect(hostOf('10.77.2.0/23', 300)).toBe('10.77.3.44');
  expect(hostOf('10.77.1.0/24', 255)).toBeUndefined();
});

test('a portal of IPv6 stands in brackets', () => {
  expect(portalText('10.0.3.100')).toBe('10.0.3.100:3260');
  expect(portalText('2001:db8:5::10')).toBe('[2001:db8:5::10]:3260');
});
