import type { Known } from '../../../src/wizard/interview/question.ts';
import { bytes, type MachineView } from '../../../src/model/index.ts';

const GIBIBYTE = 2 ** 30;
const cards = ['mgmt0', 'cluster0', 'repl0', 'stora0', 'storb0'];

/** One of two servers with five networks, a system disk, and one disk that carries nothing. */
export const machine = (node: string, last: number, more: Partial<MachineView> = {}): MachineView => ({
  node,
  version: '1.2.3',
  addresses: cards.map((card, network) => ({
    card,
    address: `10.77.${network}.${last}`,
    prefix: 24,
    speed: 10_000,
  })),
  disks: [
    { path: '/dev/disk/by-id/system', device: '/dev/sda', size: bytes(GIBIBYTE), taken: 'it has partitions' },
    { path: `/dev/disk/by-id/data-${node}`, device: '/dev/sdb', size: bytes(500 * GIBIBYTE) },
  ],
  ...more,
});

export const known = (more: Partial<Known> = {}): Known => ({
  machine: machine('san-a', 11),
  other: machine('san-b', 12),
  otherAddress: '10.77.0.12',
  given: {},
  replies: {},
  month: '2026-11',
  ...more,
});

/** What a person says who takes every proposal. */
export const replies: Readonly<Record<string, string>> = {
  name: 'san',
  networks: 'yes',
  portals: '10.77.3.100/24, 10.77.4.100/24',
  'fence-kind': 'ipmi',
  'board-san-a': '10.77.0.201',
  'board-san-b': '10.77.0.202',
  'board-password-san-a': 'board-password',
  'board-password-san-b': '',
  witness: 'none',
  host: 'iqn.2026-11.com.example:client',
  lun: '10G',
};
