import { expect, test } from 'vitest';
import { card, cardsOf, complaintsOf, loopback, type Machine } from './machine.ts';
import { config, member, servingMachine } from './members.ts';

/** Of every test here: the pool's disk of this machine is a file of its own, and no disk. */
const noDisk = 'disk_missing: /dev/null is no block device';

const said = async (machine: Machine, situation = member): Promise<readonly string[]> =>
  (await complaintsOf(machine, situation)).map(({ code, found }) => `${code}: ${found}`);

test('a healthy node that serves has nothing to mend, but for its disk, which is none', async () => {
  expect(await said(servingMachine())).toEqual([noDisk]);
});

test('an address that the cluster file promises and no card has', async () => {
  const machine = servingMachine();
  machine.programs['ip'] = JSON.stringify([
    ...cardsOf(11).slice(0, 3),
    card('repl0', '10.77.2.99'),
    ...cardsOf(11).slice(4),
  ]);
  expect(await said(machine)).toContain('address_missing: no card has 10.77.2.11 (replication)');
});

test('a floating address alone makes no card for its portal', async () => {
  const machine = servingMachine();
  machine.programs['ip'] = JSON.stringify([
    ...cardsOf(11).slice(0, 4),
    card('stora0', '10.77.3.100'),
    card('storb0', '10.77.4.11'),
  ]);
  expect(await said(machine)).toContain(
    'portal_without_card: no card has a fixed address in 10.77.3.0/24, where the portal 10.77.3.100 goes',
  );
});

test('a portal of IPv6 needs a card with a fixed IPv6 address in its subnet', async () => {
  const targets = Object.fromEntries(
    Object.entries(config.targets).map(([name, target]) => [
      name,
      { ...target, portals: [...target.portals, { name: '3', address: '2001:db8:5::10', prefix: 64 }] },
    ]),
  );
  const withPortal = { ...member, config: { ...config, targets } };
  const withIpv6 = (address: string): string => {
    const addr_info = [
      { family: 'inet', local: '10.77.4.11', prefixlen: 24, scope: 'global' },
      { family: 'inet6', local: address, prefixlen: 64, scope: 'global' },
      { family: 'inet6', local: 'fe80::5054:ff:fe4d:b', prefixlen: 64, scope: 'link' },
    ];
    return JSON.stringify([...cardsOf(11).slice(0, 5), card('storb0', '', { addr_info })]);
  };
  const wanted =
    'portal_without_card: no card has a fixed address in 2001:db8:5::/64, where the portal 2001:db8:5::10 goes';
  const machine = servingMachine();
  expect(await said(machine, withPortal)).toContain(wanted);
  machine.programs['ip'] = withIpv6('2001:db8:5::10');
  expect(await said(machine, withPortal)).toContain(wanted);
  machine.programs['ip'] = withIpv6('2001:db8:5::11');
  expect(await said(machine, withPortal)).toEqual([noDisk]);
});

test('VLANs on one card are one wire, and on a bond of two they are not', async () => {
  const machine = servingMachine();
  const onVlans = (lower: object): string =>
    JSON.stringify([
      loopback,
      lower,
      card('vlan1', '10.77.1.11', { link: 'trunk0', linkinfo: { info_kind: 'vlan' } }),
      card('vlan2', '10.77.2.11', { link: 'trunk0', linkinfo: { info_kind: 'vlan' } }),
      ...cardsOf(11).filter((_card, index) => [1, 4, 5].includes(index)),
    ]);
  machine.programs['ip'] = onVlans(card('trunk0', '', { addr_info: [] }));
  expect(await said(machine)).toContain('networks_share_card: everything between the nodes goes over trunk0');
  machine.files['/proc/net/bonding/trunk0'] =
    'Bonding Mode: fault-tolerance (active-backup)\nMII Status: up\n\nSlave Interface: eno1\nMII Status: up\n\nSlave Interface: eno2\nMII Status: up\n';
  machine.programs['ip'] = onVlans(card('trunk0', '', { addr_info: [], linkinfo: { info_kind: 'bond' } }));
  expect(await said(machine)).toEqual([noDisk]);
});

test.each<readonly [string, string, string, string]>([
  [
    'LVM’s filter is gone',
    '/etc/lvm/lvmlocal.conf',
    '# nothing\n',
    'lvm_filter_missing: /etc/lvm/lvmlocal.conf is not what Keelson wrote',
  ],
  [
    'somebody has written Corosync’s configuration',
    '/etc/corosync/corosync.conf',
    'totem {\n  cluster_name: other\n}\n',
    'earlier_corosync: /etc/corosync/corosync.conf is of the cluster other (), not of lab',
  ],
  [
    'a foreign minor beside the pool’s',
    '/proc/drbd',
    'version: 8.4.11\n 0: cs:Connected ro:Primary/Secondary\n 3: cs:StandAlone ro:Secondary/Unknown\n',
    'drbd_in_use: /dev/drbd3 is configured, and is no pool of Keelson’s',
  ],
  [
    'a foreign target beside Keelson’s',
    '/sys/kernel/config/target/iscsi/iqn.2003-01.org.example:x/x',
    '',
    'target_in_use: the kernel exports iqn.2003-01.org.example:x',
  ],
  [
    'the host was renamed',
    '/proc/sys/kernel/hostname',
    'san-9\n',
    'node_name_differs: the host calls itself san-9, and is the node san-a',
  ],
])('%s', async (_story, path, text, expected) => {
  const machine = servingMachine();
  machine.files[path] = text;
  expect(await said(machine)).toEqual(expect.arrayContaining([expected, noDisk]));
  expect(await said(machine)).toHaveLength(2);
});
