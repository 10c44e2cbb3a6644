import { initialConfig } from '../../../src/engine/index.ts';
import type { Situation } from '../../../src/diagnosis/index.ts';
import { card, cardsOf, healthyMachine, type Machine } from './machine.ts';

const nodeIn = (name: string, last: number) => ({
  name,
  management: `10.77.0.${last}`,
  cluster: `10.77.1.${last}`,
  replication: `10.77.2.${last}`,
  disk: '/dev/null',
  fence: { kind: 'ipmi' as const, address: `10.77.0.2${last}`, username: 'admin', password: 'secret' },
});

export const config = initialConfig(
  {
    name: 'lab',
    nodes: [nodeIn('san-a', 11), nodeIn('san-b', 12)],
    pool: { name: 'pool1' },
    target: { iqn: 'iqn.2026-11.com.example:keelson', portals: ['10.77.3.100/24', '10.77.4.100/24'] },
    hosts: [],
  },
  { clusterId: 'c', poolSecret: 's' },
);
export const member: Situation = { node: 'san-a', config, candidates: [] };

/** A node that serves: with the floating addresses, the mirror, the target, and everything that Keelson has written. */
export function servingMachine(): Machine {
  const machine = healthyMachine();
  Object.assign(machine.files, {
    '/etc/corosync/corosync.conf':
      '# Written by Keelson; changes are overwritten.\ntotem {\n  cluster_name: lab\n}\nnodelist {\n  node {\n    ring0_addr: 10.77.1.11\n  }\n}\n',
    '/etc/drbd.d/pool1.res':
      '# Written by Keelson whenever it starts this pool: changes made here are lost.\nresource "pool1" {\n}\n',
    '/proc/drbd':
      'version: 8.4.11 (api:1/proto:86-101)\n\n 0: cs:Connected ro:Primary/Secondary ds:UpToDate/UpToDate C r-----\n',
    '/sys/kernel/config/target/iscsi/iqn.2026-11.com.example:keelson/x': '',
    '/sys/kernel/config/target/iscsi/discovery_auth/x': '',
    '/etc/lvm/lvmlocal.conf':
      '# Written by Keelson; changes are overwritten.\ndevices {\n    global_filter = [ "r|.*|" ]\n}\n',
  });
  const stora = card('stora0', '10.77.3.11', {
    addr_info: [
      { family: 'inet', local: '10.77.3.11', prefixlen: 24 },
      { family: 'inet', local: '10.77.3.100', prefixlen: 24, secondary: true },
      { family: 'inet6', local: 'fe80::1', prefixlen: 64 },
    ],
  });
  machine.programs['ip'] = JSON.stringify([
    ...cardsOf(11).filter((one) => !('ifname' in one && one.ifname === 'stora0')),
    stora,
  ]);
  machine.programs['ss'] =
    'udp UNCONN 0 0 10.77.1.11:5405 0.0.0.0:* users:(("corosync",pid=801,fd=21))\ntcp LISTEN 0 256 10.77.3.100:3260 0.0.0.0:*\ntcp LISTEN 0 5 10.77.2.11:7789 0.0.0.0:*\n';
  return machine;
}

/** The other node of the same cluster, with cards of its own, which does not serve. */
export function otherMachine(): Machine {
  const machine = servingMachine();
  machine.files['/proc/sys/kernel/hostname'] = 'san-b\n';
  machine.files['/proc/drbd'] =
    'version: 8.4.11 (api:1/proto:86-101)\n\n 0: cs:Connected ro:Secondary/Primary ds:UpToDate/UpToDate C r-----\n';
  machine.programs['ip'] = JSON.stringify(cardsOf(12).map((one) => ({ ...one, address: otherMac })));
  return machine;
}

/** Of the other node's cards. */
export const otherMac = '52:54:00:4d:00:0c';
export const otherMember: Situation = { ...member, node: 'san-b' };
