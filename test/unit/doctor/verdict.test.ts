import { expect, test } from 'vitest';
import { initialConfig } from '../../../src/engine/index.ts';
import { diagnoseConfiguration, verdictsOf } from '../../../src/diagnosis/index.ts';
import {
  diagnosis,
  milliseconds,
  type ClusterFile,
  type FenceDeviceView,
  type NodeView,
  type StatusView,
} from '../../../src/model/index.ts';
import { config } from './members.ts';

const at = milliseconds(1_795_000_000_000);

const board = (node: string, more: Partial<FenceDeviceView> = {}): FenceDeviceView => ({
  name: `ipmi-${node}`,
  kind: 'ipmi',
  level: 1,
  state: 'ready',
  by: undefined,
  since: at,
  failure: undefined,
  proof: { testedAt: at, took: milliseconds(900) },
  ...more,
});

const nodeView = (name: string, more: Partial<NodeView> = {}): NodeView => ({
  name,
  state: 'online',
  since: at,
  isController: name === 'san-a',
  fencing: undefined,
  fenceDevices: [board(name)],
  instances: [],
  ...more,
});

const healthy = (
  more: Partial<StatusView> = {},
  nodes = [nodeView('san-a'), nodeView('san-b')],
): StatusView => ({
  clusterName: 'lab',
  node: 'san-a',
  synchronised: true,
  quorate: true,
  revision: 7,
  controller: 'san-a',
  serving: true,
  survivesFailure: true,
  problems: [],
  blocked: [],
  nodes,
  pools: [
    { name: 'pool1', state: 'ready', primary: 'san-a', disks: { 'san-a': 'UpToDate', 'san-b': 'UpToDate' } },
  ],
  luns: [],
  ...more,
});

const words = (status: StatusView, ...found: Parameters<typeof verdictsOf>[1]): readonly string[] =>
  verdictsOf(status, found).map(
    ({ node, survives, because }) => `${node}: ${survives ? 'yes' : 'no'}, ${because.join('; ')}`,
  );

test('of a healthy SAN either node may be lost, and it is said what speaks for it', () => {
  expect(words(healthy())).toEqual([
    'san-a: yes, san-b is there with a current copy of pool1; san-a can be fenced by ipmi-san-a',
    'san-b: yes, san-a is there with a current copy of pool1; san-b can be fenced by ipmi-san-b',
  ]);
});

const a = (more: Partial<NodeView>): StatusView => healthy({}, [nodeView('san-a', more), nodeView('san-b')]);

test.each<readonly [string, StatusView, string]>([
  [
    'its fencing was never tested',
    a({ fenceDevices: [board('san-a', { proof: undefined as never })] }),
    'it was never seen that san-a can be fenced',
  ],
  [
    'its board does not answer',
    a({ fenceDevices: [board('san-a', { state: 'failing' })] }),
    'no fence device of san-a answers: ipmi-san-a is failing',
  ],
  ['it has no fence device', a({ fenceDevices: [] }), 'san-a has no fence device'],
  [
    'the other one is lost',
    healthy({}, [nodeView('san-a'), nodeView('san-b', { state: 'lost' })]),
    'san-b is lost',
  ],
  [
    'the other one is in standby',
    healthy({}, [nodeView('san-a'), nodeView('san-b', { standby: true })]),
    'san-b is in standby',
  ],
  [
    'the other copy is old',
    healthy({
      pools: [
        {
          name: 'pool1',
          state: 'ready',
          primary: 'san-a',
          disks: { 'san-a': 'UpToDate', 'san-b': 'Inconsistent' },
        },
      ],
    }),
    'san-b has no current copy of pool1 (Inconsistent)',
  ],
  [
    'the witness does not vote',
    healthy({ witness: { address: '10.0.0.9', tls: 'off', votes: false } }),
    'the witness 10.0.0.9 does not vote',
  ],
  ['there is no quorum', healthy({ quorate: false }), 'there is no quorum'],
  [
    'the node asked is still learning',
    healthy({ synchronised: false }),
    'the node that was asked does not know the state of the cluster',
  ],
])('san-a cannot be missed where %s', (_story, status, reason) => {
  expect(words(status)[0]).toBe(`san-a: no, ${reason}`);
});

test('what forbids on the other machine is a reason, what warns there is none', () => {
  const filter = diagnosis('lvm_filter_missing', 'san-b', '/etc/lvm/lvmlocal.conf is not what Keelson wrote');
  const slow = diagnosis('card_slow', 'san-b', 'repl0 runs at 100 Mbit/s');
  expect(words(healthy(), slow)[0]).toMatch(/^san-a: yes/);
  const [ofA, ofB] = words(healthy(), filter, slow);
  expect(ofA).toBe('san-a: no, san-b: /etc/lvm/lvmlocal.conf is not what Keelson wrote (lvm_filter_missing)');
  expect(ofB).toMatch(/^san-b: yes/);
});

test('a device that is dark with its node, and one for tests, confirm nothing', () => {
  const no =
    'san-a: no, no fence device of san-a could confirm that it has lost its power, or is more than a test';
  expect(words(a({ fenceDevices: [board('san-a', { sharesPower: true })] }))[0]).toBe(no);
  expect(words(a({ fenceDevices: [board('san-a', { kind: 'null', testOnly: true })] }))[0]).toBe(no);
});

test('where the status knows of a reason that is not known here, it stands', () => {
  const status = healthy({
    survivesFailure: false,
    problems: [
      {
        code: 'agent_failed',
        severity: 'failure-would-not-be-survived',
        message: 'lun-web on san-b: start failed 3 times',
        next: 'keelson cleanup',
      },
    ],
  });
  expect(words(status)).toEqual([
    'san-a: no, lun-web on san-b: start failed 3 times',
    'san-b: no, lun-web on san-b: start failed 3 times',
  ]);
});

test('a second level stands in for a first that fails, and a person for a test', () => {
  const devices = [
    board('san-a', { state: 'failing' }),
    board('san-a', { name: 'pdu-san-a', kind: 'pdu', level: 2, proof: undefined as never }),
  ];
  const status = a({ fenceDevices: devices, fenceWaiver: { at, reason: 'Ann' } });
  expect(words(status)[0]).toMatch(/san-a can be fenced by pdu-san-a$/);
});

test('a node that is off already is missed by nobody', () => {
  expect(words(healthy({}, [nodeView('san-a'), nodeView('san-b', { state: 'offline' })]))[1]).toBe(
    'san-b: yes, san-b is off already, and all is served',
  );
});

const codesOf = (change: Partial<ClusterFile>): readonly string[] =>
  diagnoseConfiguration(initialConfig({ ...file, ...change }, { clusterId: 'c', poolSecret: 's' })).map(
    ({ code, found }) => `${code}: ${found}`,
  );

const fileNode = (
  name: string,
  last: number,
  fence: ClusterFile['nodes'][number]['fence'],
  replication = `10.0.2.${last}`,
) => ({
  name,
  management: `10.0.0.${last}`,
  cluster: `10.0.1.${last}`,
  replication,
  disk: '/dev/disk/by-id/x',
  fence,
});
const ipmi = (address: string) => ({ kind: 'ipmi' as const, address, username: 'admin', password: 'secret' });
const pdu = (address: string, ...outlets: readonly string[]) => ({
  kind: 'pdu' as const,
  address,
  family: 'apc' as const,
  outlets,
  version: '2c' as const,
  community: 'secret',
});
const file: ClusterFile = {
  name: 'lab',
  nodes: [fileNode('san-a', 1, ipmi('10.0.0.201')), fileNode('san-b', 2, ipmi('10.0.0.202'))],
  pool: { name: 'pool1' },
  target: { iqn: 'iqn.2026-11.com.example:keelson', portals: ['10.0.3.100/24'] },
  hosts: [],
};

const witnessless = 'witness_absent: no third machine decides who goes on after a split';

test('a cluster of boards only is told what a board cannot do, and nothing that would be wrong', () => {
  const all = diagnoseConfiguration(config);
  expect(all.every(({ weight }) => weight === 'informs')).toBe(true);
  expect(all.map(({ code, node }) => [code, node])).toEqual([
    ['fence_board_alone', 'san-a'],
    ['fence_board_alone', 'san-b'],
    ['witness_absent', undefined],
  ]);
});

test('one board for both nodes, one outlet for both, one unit for both', () => {
  const both = (one: ClusterFile['nodes'][number]['fence'], other: ClusterFile['nodes'][number]['fence']) =>
    codesOf({ nodes: [fileNode('san-a', 1, one), fileNode('san-b', 2, other)] });
  expect(both(ipmi('10.0.0.201'), ipmi('10.0.0.201'))[0]).toMatch(
    /^fence_devices_same: .* of san-a and .* of san-b switch the same thing$/,
  );
  const shared = 'power_shared: san-a and san-b are fed by the same unit, 10.0.0.210';
  expect(both(pdu('10.0.0.210', '1'), pdu('10.0.0.210', '1'))).toEqual([
    expect.stringMatching(/^fence_devices_same/),
    shared,
    witnessless,
  ]);
  expect(both(pdu('10.0.0.210', '1'), pdu('10.0.0.210', '2'))).toEqual([shared, witnessless]);
  expect(
    both(
      [pdu('10.0.0.210', '1'), { ...pdu('10.0.0.211', '1'), level: 1 }],
      [pdu('10.0.0.210', '2'), { ...pdu('10.0.0.211', '2'), level: 1 }],
    ),
  ).toEqual([witnessless]);
});

test('replication over the cluster network is one link', () => {
  expect(
    codesOf({
      nodes: [
        fileNode('san-a', 1, pdu('10.0.0.210', '1'), '10.0.1.1'),
        fileNode('san-b', 2, pdu('10.0.0.211', '2'), '10.0.1.2'),
      ],
    }),
  ).toEqual(['one_link: Corosync has one link, and the mirror the same network', witnessless]);
});
