import { expect, test } from 'vitest';
import { diagnosePeers } from '../../../src/daemon/doctor-peers.ts';
import { diagnoseNode } from '../../../src/diagnosis/index.ts';
import { failed, failure, success, type ClockOffset } from '../../../src/model/index.ts';
import { answeredBy, cardsOf, disk, factsOf, lsblk, pinged, type Machine } from './machine.ts';
import { config, member, otherMachine, otherMac, otherMember, servingMachine } from './members.ts';

const sameTime: ClockOffset = { offset: 12, uncertainty: 3 };

/** Two nodes that are looked at, and what is said of them and of what lies between. */
async function said(
  stage: (own: Machine, other: Machine) => void = () => undefined,
  clock: ClockOffset = sameTime,
): Promise<readonly string[]> {
  const [own, other] = [servingMachine(), otherMachine()];
  stage(own, other);
  const facts = await factsOf(own, member);
  const others = await factsOf(other, otherMember);
  const { diagnoses } = diagnosePeers(
    { node: 'san-a', facts },
    [{ node: 'san-b', answer: success({ facts: others, clock }) }],
    config,
    '1.2.3',
  );
  return [...diagnoseNode(facts, member), ...diagnoses]
    .filter(({ code }) => code !== 'disk_missing')
    .map(({ node = '', code, found }) => `${node} ${code}: ${found}`);
}

test('two healthy nodes have nothing between them', async () => {
  expect(await said()).toEqual([]);
});

test('a clock that is ahead is told, but not by what the measurement may be wrong by', async () => {
  expect(await said(undefined, { offset: 4200, uncertainty: 40 })).toEqual([
    ' clock_differs: the clock of san-b is 4.2 s ahead of that of san-a',
  ]);
  expect(await said(undefined, { offset: -4200, uncertainty: 3500 })).toEqual([]);
});

test('one node was upgraded alone', async () => {
  const found = await said((_own, other) => {
    other.files['/proc/sys/kernel/osrelease'] = '6.1.0-99-amd64\n';
  });
  expect(found).toEqual([
    ' release_differs: san-a runs Debian GNU/Linux 12 (bookworm) with kernel 6.1.0-41-amd64, san-b Debian GNU/Linux 12 (bookworm) with kernel 6.1.0-99-amd64',
  ]);
});

test('a name that leads to two machines', async () => {
  const found = await said((_own, other) => {
    other.programs['getent'] = (args) =>
      args.at(-1) === 'san-a' ? '10.66.0.9       STREAM san-a\n' : '10.77.0.11      STREAM san-b\n';
  });
  expect(found).toEqual([' name_resolution_differs: san-a is 10.77.0.11 to san-a, and 10.66.0.9 to san-b']);
});

test('another MTU at each end', async () => {
  const found = await said((_own, other) => {
    const cards = cardsOf(12) as { ifname: string }[];
    other.programs['ip'] = JSON.stringify(
      cards.map((one) => ({ ...one, address: otherMac, ...(one.ifname === 'repl0' ? { mtu: 9000 } : {}) })),
    );
  });
  expect(found).toEqual([' mtu_differs: replication: the MTU is 1500 on san-a and 9000 on san-b']);
});

test('disks of two sizes, and of two kinds of sectors', async () => {
  const facts = await factsOf(servingMachine(), member);
  const seenAs = (more: object) => ({
    ...facts,
    looks: {
      ...facts.looks,
      contents: {
        seen: true as const,
        value: [{ path: '/dev/null', device: '/dev/sdb', signatures: [], isBlank: false }],
      },
      disks: {
        seen: true as const,
        value: [
          {
            path: '/dev/sdb',
            type: 'disk',
            size: 1024 ** 4,
            sectorSize: 512,
            isReadOnly: false,
            isRemovable: false,
            transport: 'sas',
            content: undefined,
            mountpoints: [],
            children: [],
            ...more,
          },
        ],
      },
    },
  });
  const { diagnoses } = diagnosePeers(
    { node: 'san-a', facts: seenAs({}) as never },
    [
      {
        node: 'san-b',
        answer: success({
          facts: seenAs({ size: 1.5 * 1024 ** 4, sectorSize: 4096 }) as never,
          clock: sameTime,
        }),
      },
    ],
    config,
    '1.2.3',
  );
  const codes = diagnoses.map(({ code, found }) => `${code}: ${found}`);
  expect(codes).toContain('disk_sizes_differ: pool1: 1 TiB on san-a and 1.5 TiB on san-b');
  expect(codes).toContain('sector_sizes_differ: pool1: sectors of 512 bytes on san-a and 4096 on san-b');
});

test.each<readonly [string, Machine['programs'][string], boolean, readonly string[]]>([
  [
    'a network that is cut',
    (args) => (args.at(-1) === '10.77.2.12' ? pingedWith(0) : pingedWith(20)),
    false,
    ['san-a network_unreachable: replication to san-b (10.77.2.11 to 10.77.2.12): no answer'],
  ],
  ['a firewall that drops echoes and nothing else', () => pingedWith(0), true, []],
  [
    'a switch port that loses packets',
    (args) => (args.at(-1) === '10.77.1.12' ? pingedWith(15) : pingedWith(20)),
    true,
    ['san-a network_loss: cluster to san-b (10.77.1.11 to 10.77.1.12): 5 of 20 packets are lost (25 %)'],
  ],
  [
    'a detour',
    (args) => (args.at(-1) === '10.77.2.12' ? pinged(20, 23.4) : pinged(20, 0.2)),
    true,
    ['san-a network_slow: replication to san-b (10.77.2.11 to 10.77.2.12): an answer takes 23 ms'],
  ],
  [
    'a switch that does not let large packets through',
    (args) => (args.includes('-M') && args.at(-1) === '10.77.2.12' ? pingedWith(0) : pingedWith(20)),
    true,
    [
      'san-a mtu_not_passed: replication to san-b (10.77.2.11 to 10.77.2.12): packets of 1500 bytes do not arrive, and the card sends such',
    ],
  ],
])('%s', async (_story, ping, reaches, expected) => {
  const found = await said((own) => {
    own.programs['ping'] = ping;
    own.reaches = reaches;
  });
  expect(found).toEqual(expected);
});

const pingedWith = (received: number): string => pinged(received, 0.4) as string;

test('an address that a stranger has too, and one that the other node has', async () => {
  const stranger = '00:50:56:aa:bb:cc';
  const ofCluster = (mac: string) => (args: readonly string[]) =>
    (args.at(-1) === '10.77.1.11' ? answeredBy(mac) : '') as string;
  expect(await said((own) => (own.programs['arping'] = ofCluster(stranger)))).toEqual([
    `san-a address_duplicate: ${stranger} answers for 10.77.1.11 too`,
  ]);
  expect(await said((own) => (own.programs['arping'] = ofCluster(otherMac)))).toEqual([
    `san-a address_duplicate: ${otherMac}, which is san-b, answers for 10.77.1.11 too`,
  ]);
});

test('a floating address is answered for by the node that serves, and by nobody else', async () => {
  const asked = (mac: string) => (args: readonly string[]) =>
    (args.at(-1) === '10.77.3.100' ? answeredBy(mac) : '') as string;
  const servingMac = '52:54:00:4d:00:0b';
  expect(await said((_own, other) => (other.programs['arping'] = asked(servingMac)))).toEqual([]);
  expect(await said((_own, other) => (other.programs['arping'] = asked('00:50:56:aa:bb:cc')))).toEqual([
    'san-b address_duplicate: 00:50:56:aa:bb:cc answers for 10.77.3.100 too',
  ]);
});

test('a node that does not answer, and one of another version, are named and not guessed at', async () => {
  const facts = await factsOf(servingMachine(), member);
  const others = await factsOf(otherMachine(), otherMember);
  const answers = [
    failed(failure('peer_unreachable', '10.77.0.12:8443: connect ECONNREFUSED')),
    success({ facts: { ...others, version: '9.9.9' }, clock: sameTime }),
  ];
  const told = answers.map((answer) => {
    const { nodes, diagnoses } = diagnosePeers(
      { node: 'san-a', facts },
      [{ node: 'san-b', answer }],
      config,
      '1.2.3',
    );
    expect(nodes).toEqual([{ node: 'san-b', examined: false }]);
    return diagnoses.map(({ code, found }) => `${code}: ${found}`);
  });
  expect(told).toEqual([
    ['peer_not_examined: 10.77.0.12:8443: connect ECONNREFUSED (peer_unreachable)'],
    ['version_differs: san-b has Keelson 9.9.9, and san-a 1.2.3'],
  ]);
});

test('what the other machine itself complains of is told of it', async () => {
  const found = await said((_own, other) => {
    other.programs['lsblk'] = lsblk(disk('sda'));
    other.files['/proc/vmstat'] = 'oom_kill 2\n';
  });
  expect(found).toEqual([
    'san-b memory_exhausted: the kernel has ended processes for lack of memory since the boot: 2',
  ]);
});
