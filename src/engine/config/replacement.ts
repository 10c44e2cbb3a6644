import {
  assertNever,
  failed,
  failure,
  success,
  type ClusterConfig,
  type Failure,
  type Milliseconds,
  type NodeName,
  type OperationRecord,
  type PoolIntent,
  type Replacement,
  type ReplacementCommand,
  type ReplacementPhase,
  type Result,
} from '../../model/index.ts';
import { canonical } from './canonical.ts';
import { leaveOut } from './leave-out.ts';
import { begin, finish } from './operations.ts';

const PROGRESS: Readonly<Record<ReplacementPhase, string>> = {
  away: '1 of 2: the old disk is taken out of use',
  fill: '2 of 2: the new disk is filled from the other node',
};

type Asked = Extract<ReplacementCommand, { kind: 'node.replace' }>;

/** Why these disks cannot be replaced, whatever happens just now; `present`: it is under way. */
export function hindranceToReplace(
  config: ClusterConfig,
  { node, disks, overwrite = [] }: Pick<Asked, 'node' | 'disks' | 'overwrite'>,
): Failure | 'present' | undefined {
  const { replacement } = config;
  if (config.nodes[node] === undefined) return failure('node_not_found', `there is no node ${node}`);
  if (replacement !== undefined && replacement.node !== node)
    return failure('replacement_running', `the disks of ${replacement.node} are being replaced`);
  for (const name of Object.keys(disks)) {
    const pool = config.pools[name];
    if (pool?.disks[node] === undefined)
      return failure('pool_not_found', `there is no pool ${name} with a disk on ${node}`);
    if (pool.state === 'new') return failure('pool_not_ready', `the pool ${name} is still being made`);
    if (pool.solo === node)
      return failure('replacement_needs_other', `only ${node} has the current data of pool ${name}`);
  }
  const isSame =
    replacement !== undefined &&
    canonical([replacement.disks, replacement.overwrite ?? []]) === canonical([disks, overwrite]);
  return isSame ? 'present' : undefined;
}

export function applyReplacement(
  config: ClusterConfig,
  command: ReplacementCommand,
  at: Milliseconds,
): Result<ClusterConfig> {
  switch (command.kind) {
    case 'node.replace':
      return replace(config, command, at);
    case 'replace.fill':
      return success(fill(config, command));
    case 'replace.done':
      return success(settle(config, command.operation, at));
    default:
      return assertNever(command);
  }
}

/** What was asked for before, and is not done, is asked for no more: its disks are taken away again, if they came. */
function replace(
  config: ClusterConfig,
  { node, disks, overwrite, operation: id }: Asked,
  at: Milliseconds,
): Result<ClusterConfig> {
  const hindrance = hindranceToReplace(config, { node, disks, overwrite });
  if (hindrance === 'present') return success(config);
  if (hindrance !== undefined) return failed(hindrance);
  const { replacement: earlier } = config;
  const left = Object.keys(earlier?.disks ?? {}).find((pool) => disks[pool] === undefined);
  if (left !== undefined)
    return failed(failure('replacement_running', `the disk of pool ${left} on ${node} is being replaced`));
  const ended = failure('replacement_superseded', `${Object.values(disks).join(', ')} was asked for`);
  const before = earlier === undefined ? config : finish(config, earlier.operation, at, ended);
  const replacement: Replacement = {
    node,
    disks,
    ...(overwrite !== undefined && overwrite.length > 0 ? { overwrite } : {}),
    phase: 'away',
    operation: id,
  };
  const record = { id, kind: 'node.replace' as const, subject: node, progress: PROGRESS.away };
  return success({ ...before, replacement, operations: begin(before, record, at) });
}

type Fill = Extract<ReplacementCommand, { kind: 'replace.fill' }>;

/** From here on the node is never promoted before both copies were seen current together (S4). */
function fill(config: ClusterConfig, { operation, sizes }: Fill): ClusterConfig {
  const { replacement } = config;
  if (replacement?.operation !== operation || replacement.phase !== 'away') return config;
  const { node, disks } = replacement;
  const concerned = Object.keys(disks).flatMap((name) => config.pools[name] ?? []);
  // The node went on alone in the meantime: what it has written then is nowhere else.
  if (concerned.some(({ solo }) => solo === node)) return config;
  const renewed = concerned.map((pool): [string, PoolIntent] => [
    pool.name,
    {
      ...pool,
      disks: { ...pool.disks, [node]: disks[pool.name] ?? '' },
      solo: otherOf(pool, node),
    },
  ]);
  const record = config.operations[operation];
  const progressed: OperationRecord | undefined = record && { ...record, progress: PROGRESS.fill };
  return {
    ...config,
    pools: { ...config.pools, ...Object.fromEntries(renewed) },
    replacement: { ...replacement, phase: 'fill', sizes },
    ...(progressed && { operations: { ...config.operations, [operation]: progressed } }),
  };
}

function settle(config: ClusterConfig, operation: string, at: Milliseconds): ClusterConfig {
  const { replacement } = config;
  if (replacement?.operation !== operation || replacement.phase !== 'fill') return config;
  const back = Object.keys(replacement.disks).flatMap((name): [string, PoolIntent][] => {
    const pool = config.pools[name];
    return pool === undefined ? [] : [[name, { ...pool, solo: undefined }]];
  });
  const finished = finish(config, operation, at, undefined);
  return { ...leaveOut(finished, 'replacement'), pools: { ...config.pools, ...Object.fromEntries(back) } };
}

/** The other one of the two nodes that have a disk of the pool. */
export const otherOf = ({ disks }: PoolIntent, node: NodeName): NodeName | undefined =>
  Object.keys(disks).find((name) => name !== node);
