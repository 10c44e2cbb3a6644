import type { LunView, Problem, StatusView } from '../model/index.ts';
import { lunTable } from './lun-table.ts';
import { nodeState } from './node-state.ts';
import { printable, table } from './output.ts';

/** Lines of a screen where there is no terminal to ask. */
const usualRows = 24;
/** However small the screen is, this many LUNs are shown. */
const fewestLuns = 3;

/**
 * The state of the cluster on one screen: first whether data is served and whether a failure would be survived,
 * then what is wrong, worst first, then the rest as tables. LUNs that do not fit are counted; `keelson lun list` has them.
 */
export function renderStatus(status: StatusView, rows: number = usualRows): string {
  if (status.clusterName === undefined) return withoutCluster(status);
  const upper = [
    ...headline(status),
    ...problems(status),
    '',
    nodes(status),
    ...(status.pools.length === 0 ? [] : ['', pools(status)]),
  ].join('\n');
  const used = upper.split('\n').length;
  // The shell's next prompt, the heading, the empty line before it and the line that counts the rest.
  return [upper, ...luns(status.luns, Math.max(fewestLuns, rows - used - 4))].join('\n');
}

const withoutCluster = (status: StatusView): string =>
  [
    'This node belongs to no cluster yet.',
    'next: keelson cluster init --file cluster.yaml, or keelson cluster join',
    ...problems(status),
  ].join('\n');

function headline(status: StatusView): string[] {
  const { luns: all } = status;
  const served = all.filter((lun) => lun.servedBy !== undefined).length;
  const first = [
    status.serving ? 'Data is served.' : 'DATA IS NOT SERVED.',
    status.survivesFailure ? 'A failure now would be survived.' : 'A FAILURE NOW WOULD NOT BE SURVIVED.',
    `${served} of ${all.length} LUNs are exported.`,
  ].join(' ');
  const second = [
    `cluster ${status.clusterName ?? '-'}`,
    status.quorate ? 'quorate' : 'NO QUORUM',
    ...(status.maintenance === true ? ['IN MAINTENANCE'] : []),
    `controller ${status.controller ?? '-'}`,
    `revision ${status.revision}`,
    `seen from ${status.node ?? '-'}`,
  ].join(', ');
  const own =
    'This node is still learning the state of the cluster; what follows is only what it knows itself.';
  const lines = [first, second, witness(status)];
  return status.synchronised ? lines : [...lines, own];
}

const manners = {
  off: 'not encrypted',
  on: 'encrypted where it has a certificate',
  required: 'encrypted, with certificates',
} as const;

const changes = { adding: 'being added', removing: 'being removed' } as const;

/** Who decides a split, said also where nothing is wrong. */
function witness({ witness: machine }: StatusView): string {
  if (machine === undefined) return 'no witness: after a split, the node that fences the other goes on';
  const { address, tls, votes, change } = machine;
  const manner = change === undefined ? manners[tls] : `${manners[tls]}; it is ${changes[change]}`;
  if (votes === undefined) return `witness ${address} (${manner}): not heard of yet`;
  return `witness ${address} (${manner}) ${votes ? 'votes for this node’s side' : 'DOES NOT VOTE for this node’s side'}`;
}

const severities = {
  'data-not-served': { rank: 0, word: 'DATA NOT SERVED' },
  'failure-would-not-be-survived': { rank: 1, word: 'NO REDUNDANCY' },
  attention: { rank: 2, word: 'attention' },
} as const satisfies Record<Problem['severity'], { rank: number; word: string }>;

function problems(status: StatusView): string[] {
  const worstFirst = status.problems.toSorted(
    (left, right) => severities[left.severity].rank - severities[right.severity].rank,
  );
  const lines = [
    ...worstFirst.flatMap(({ severity, code, message, next }) => [
      `${severities[severity].word}: ${printable(message)} (${code})`,
      `  next: ${printable(next)}`,
    ]),
    ...status.blocked.flatMap(({ subject, reason, next }) => [
      `waiting: ${subject}: ${printable(reason)}`,
      `  next: ${printable(next)}`,
    ]),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
}

const nodes = (status: StatusView): string =>
  table(
    ['NODE', 'STATE', 'ROLE', 'RUNNING', 'FAILED', 'FENCING'],
    status.nodes.map((node) => [
      node.name,
      nodeState(node),
      node.isController ? 'controller' : '-',
      String(node.instances.filter(({ state }) => state === 'running' || state === 'promoted').length),
      String(
        node.instances.filter(({ failure, state }) => failure !== undefined || state === 'failed').length,
      ),
      node.fencing === undefined ? '-' : `${node.fencing.state}: ${printable(node.fencing.reason)}`,
    ]),
  );

const pools = (status: StatusView): string =>
  table(
    ['POOL', 'STATE', 'PRIMARY', 'DISKS'],
    status.pools.map((pool) => [
      pool.name,
      pool.state,
      pool.primary ?? '-',
      Object.entries(pool.disks)
        .map(([node, disk]) => `${node}=${printable(disk)}`)
        .join(' '),
    ]),
  );

function luns(all: readonly LunView[], room: number): string[] {
  if (all.length === 0) return ['', 'No LUNs yet: keelson lun create NAME --size SIZE'];
  // Those that are not served are what a person looks for.
  const ordered = all.toSorted(
    (left, right) => rankOf(left) - rankOf(right) || (left.name < right.name ? -1 : 1),
  );
  const shown = ordered.slice(0, room);
  const rest = all.length - shown.length;
  return ['', lunTable(shown), ...(rest > 0 ? [`and ${rest} more: keelson lun list`] : [])];
}

const rankOf = (lun: LunView): number => (lun.servedBy === undefined ? 0 : lun.state === 'ready' ? 2 : 1);
