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
import { devicesOf } from './fencing-record.ts';
import { leaveOut } from './leave-out.ts';
import { begin, finish } from './operations.ts';

const WORDS: Readonly<Record<ReplacementPhase, string>> = {
  keys: 'keys are issued anew, so that the old machine stays out',
  away: 'the old disk is taken out of use',
  fill: 'the new disk is filled from the other node',
};

/** Such as `1 of 2: the old disk is taken out of use`. */
function progressOf({ machine, phase }: Pick<Replacement, 'machine' | 'phase'>): string {
  const phases: readonly ReplacementPhase[] = machine === true ? ['keys', 'away', 'fill'] : ['away', 'fill'];
  return `${phases.indexOf(phase) + 1} of ${phases.length}: ${WORDS[phase]}`;
}

type Asked = Extract<ReplacementCommand, { kind: 'node.replace' }>;

/** Why these disks cannot be replaced, whatever happens just now; `present`: it is under way. */
export function hindranceToReplace(
  config: ClusterConfig,
  { node, machine, disks, overwrite = [] }: Pick<Asked, 'node' | 'machine' | 'disks' | 'overwrite'>,
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
    if (pool.recovery !== undefined)
      return failure(
        'recovery_running',
        `the changes of ${pool.recovery.discard} in pool ${name} are being discarded (operation ${pool.recovery.operation})`,
      );
    if (pool.solo === node)
      return failure('replacement_needs_other', `only ${node} has the current data of pool ${name}`);
  }
  const isSame =
    replacement !== undefined &&
    (machine !== true || replacement.machine === true) &&
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
    case 'replace.away':
      return success(leaveKeys(config, command.operation));
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
  { node, machine, secrets, disks, overwrite, operation: id }: Asked,
  at: Milliseconds,
): Result<ClusterConfig> {
  const hindrance = hindranceToReplace(config, { node, machine, disks, overwrite });
  if (hindrance === 'present') return success(config);
  if (hindrance !== undefined) return failed(hindrance);
  const { replacement: earlier } = config;
  const left = Object.keys(earlier?.disks ?? {}).find((pool) => disks[pool] === undefined);
  if (left !== undefined)
    return failed(failure('replacement_running', `the disk of pool ${left} on ${node} is being replaced`));
  const ended = failure('replacement_superseded', `${Object.values(disks).join(', ')} was asked for`);
  const before = earlier === undefined ? config : finish(config, earlier.operation, at, ended);
  // Another disk for a machine that is coming changes nothing of its keys.
  const goesOn = earlier?.machine === true && machine !== true;
  const keys = goesOn ? earlier.secrets : secrets;
  const replacement: Replacement = {
    node,
    ...(goesOn || machine === true ? { machine: true } : {}),
    ...(keys && { secrets: keys }),
    disks,
    ...(overwrite !== undefined && overwrite.length > 0 ? { overwrite } : {}),
    phase: keys === undefined ? 'away' : 'keys',
    operation: id,
  };
  const record = { id, kind: 'node.replace' as const, subject: node, progress: progressOf(replacement) };
  const begun = { ...before, replacement, operations: begin(before, record, at) };
  return success(machine === true ? withoutExperience(begun, node) : begun);
}

/** What was shown of the fencing of the old machine says nothing of the new one, and nobody answers for it yet. */
function withoutExperience(config: ClusterConfig, node: NodeName): ClusterConfig {
  const { fencing } = config;
  if (fencing === undefined) return config;
  const devices = devicesOf(config, node);
  const without = <Value>(all: Readonly<Record<string, Value>>, names: readonly string[]) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)));
  return {
    ...config,
    fencing: {
      ...fencing,
      proofs: without(fencing.proofs, devices),
      waivers: without(fencing.waivers, [node]),
      tests: without(fencing.tests, [node]),
    },
  };
}

function leaveKeys(config: ClusterConfig, operation: string): ClusterConfig {
  const { replacement } = config;
  if (replacement?.operation !== operation || replacement.phase !== 'keys') return config;
  return advanced(config, { ...leaveOut(replacement, 'secrets'), phase: 'away' });
}

function advanced(config: ClusterConfig, replacement: Replacement): ClusterConfig {
  const { operation } = replacement;
  const record = config.operations[operation];
  const progressed: OperationRecord | undefined = record && { ...record, progress: progressOf(replacement) };
  return {
    ...config,
    replacement,
    ...(progressed && { operations: { ...config.operations, [operation]: progressed } }),
  };
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
  const pools = { ...config.pools, ...Object.fromEntries(renewed) };
  return advanced({ ...config, pools }, { ...replacement, phase: 'fill', sizes });
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

/** The node's mirror of the pool is being taken down, to be replaced. */
export const isTakenAway = ({ replacement }: ClusterConfig, pool: string, node: NodeName): boolean =>
  replacement !== undefined &&
  replacement.phase !== 'fill' &&
  replacement.node === node &&
  replacement.disks[pool] !== undefined;

/** The other one of the two nodes that have a disk of the pool. */
export const otherOf = ({ disks }: PoolIntent, node: NodeName): NodeName | undefined =>
  Object.keys(disks).find((name) => name !== node);
