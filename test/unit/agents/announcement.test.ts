import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { advertisement } from '../../../agents/address/advertisement.ts';
import { announcement, hardwareOf } from '../../../agents/address/neighbours.ts';
import { addressMessage, answerOf } from '../../../agents/address/netlink.ts';

const hardware = Buffer.from('eea27a5d4d2d', 'hex');

test('neighbours are told what arping -U and -A tell them (captured on a wire)', () => {
  expect(announcement('request', hardware, '192.0.2.12').toString('hex')).toBe(
    '0001080006040001eea27a5d4d2dc000020cffffffffffffc000020c',
  );
  expect(announcement('reply', hardware, '192.0.2.12').toString('hex')).toBe(
    '0001080006040002eea27a5d4d2dc000020ceea27a5d4d2dc000020c',
  );
});

test('an address is added and deleted by messages of rtnetlink(7), and its answers are understood', () => {
  const address = { address: '192.0.2.12', prefix: 24 };
  const added = addressMessage('add', address, 7);
  expect(added.toString('hex')).toBe(
    // length, RTM_NEWADDR, REQUEST|ACK|REPLACE|CREATE; AF_INET, /24, index 7; IFA_LOCAL, IFA_ADDRESS
    '2800000014000505' + '0100000000000000' + '0218000007000000' + '08000200c000020c08000100c000020c',
  );
  expect(addressMessage('delete', address, 7).readUInt16LE(4)).toBe(21);
  const answer = Buffer.alloc(36);
  answer.writeUInt16LE(2, 4);
  expect(answerOf(answer)).toBe(0);
  answer.writeInt32LE(-99, 16);
  expect(answerOf(answer)).toBe(99);
  expect(answerOf(Buffer.alloc(8))).toBeUndefined();
});

test('an IPv6 address is told by an unsolicited neighbour advertisement that overrides (RFC 4861)', () => {
  expect(advertisement(hardware, '2001:db8:5::10').toString('hex')).toBe(
    // IPv6, 32 bytes of ICMPv6, hop limit 255, from the address to all nodes
    '6000000000203aff' +
      '20010db8000500000000000000000010' +
      'ff020000000000000000000000000001' +
      // 136, its checksum, override; target, target link-layer address
      '880044d620000000' +
      '20010db8000500000000000000000010' +
      '0201eea27a5d4d2d',
  );
});

test('an IPv6 address is added at once, never as the source of what begins here, without a route', () => {
  const address = { address: '2001:db8:5::10', prefix: 64 };
  expect(addressMessage('add', address, 7).toString('hex')).toBe(
    // AF_INET6, /64, index 7; IFA_LOCAL, IFA_ADDRESS
    '5c00000014000505' +
      '0100000000000000' +
      '0a40000007000000' +
      '1400020020010db8000500000000000000000010' +
      '1400010020010db8000500000000000000000010' +
      // IFA_CACHEINFO: preferred 0, valid forever; IFA_FLAGS: NODAD, NOPREFIXROUTE
      '1400060000000000ffffffff0000000000000000' +
      '0800080002020000',
  );
  expect(addressMessage('delete', address, 7)).toHaveLength(64);
});

test('only an Ethernet interface has neighbours to tell', async () => {
  const sysfs = mkdtempSync(join(tmpdir(), 'keelson-net-'));
  try {
    for (const [name, type] of Object.entries({ eth0: '1', ib0: '32' })) {
      mkdirSync(join(sysfs, name));
      for (const [file, text] of Object.entries({ type, ifindex: '3', address: 'ee:a2:7a:5d:4d:2d' }))
        writeFileSync(join(sysfs, name, file), `${text}\n`);
    }
    expect(await hardwareOf('eth0', sysfs)).toEqual({ index: 3, address: hardware });
    expect(await hardwareOf('ib0', sysfs)).toBeUndefined();
    expect(await hardwareOf('gone', sysfs)).toBeUndefined();
  } finally {
    rmSync(sysfs, { recursive: true });
  }
});
