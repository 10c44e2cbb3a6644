import {
  assertNever,
  failed,
  failure,
  roundUpToExtent,
  success,
  within,
  type ClusterConfig,
  type Command,
  type Failure,
  type LogEntry,
  type LunIntent,
  type Milliseconds,
  type NodeName,
  type PoolIntent,
  type Result,
} from '../../model/index.ts';
import { applyFencing, withoutStaleProofs } from './fencing-record.ts';
import { abandonGrowth, applyGrowth } from './growth.ts';
import { cloneSource } from './clones.ts';
import { applyHost } from './hosts.ts';
import { isBeingCloned } from './lun-changes.ts';
import { applyRollback } from './rollback.ts';
import { applySnapshot, leavingWith } from './snapshots.ts';
import { remembered, repeated } from './keys.ts';
import { leaveOut } from './leave-out.ts';
import { accessOf, accessRefusal, isSameAccess } from './mappings.ts';
import { begin, finish } from './operations.ts';
import { applyPolicy, withoutPolicy } from './policy.ts';
import { applyReplacement } from './replacement.ts';
import { restoreIntent } from './restore.ts';
import { applySplit, withSolo } from './split.ts';
import { applyTarget } from './targets.ts';
import { applyWitness } from './witness.ts';

/**
 * One command on one configuration, the same on every node. A command that changes nothing gives the very same object
 * back (no new revision): repeated and late commands are harmless.
 */
export function apply(config: ClusterConfig, entry: LogEntry): Result<ClusterConfig> {
  const before = repeated(config, entry.key);
  if (before !== undefined) return before;
  const changed = change(config, entry);
  if (!changed.ok) return changed;
  const kept = remembered(changed.value, entry);
  if (kept === config) return success(config);
  const { generation } = entry;
  const value = withoutStaleProofs(config, kept);
  return success({ ...value, revision: config.revision + 1, generation });
}

function change(config: ClusterConfig, { command, at, generation }: LogEntry): Result<ClusterConfig> {
  switch (command.kind) {
    case 'lun.create':
      return createLun(config, command, at);
    case 'lun.created':
      return success(
        changeLun(config, command.name, 'creating', (lun) => ({
          ...leaveOut(lun, 'source'),
          state: 'ready',
        })),
      );
    case 'lun.createFailed':
      return success(failCreation(config, command, at));
    case 'lun.delete':
      return deleteLun(config, command, at);
    case 'lun.deleted':
      return success(deleted(config, command.name, at));
    case 'lun.grow':
    case 'lun.grown':
    case 'lun.growFailed':
      return applyGrowth(config, command, at);
    case 'snapshot.create':
    case 'snapshot.created':
    case 'snapshot.createFailed':
    case 'snapshot.delete':
    case 'snapshot.deleted':
      return applySnapshot(config, command, at);
    case 'lun.rollback':
    case 'lun.rolledBack':
    case 'lun.rollbackFailed':
      return applyRollback(config, command, at);
    case 'node.power-on':
      return powerOn(config, command, at);
    case 'pool.initialised':
      return success(changePool(config, command.name, { state: 'ready' }));
    case 'pool.solo':
      return claimPool(config, command.name, command.node, at);
    case 'cluster.carriedOn':
      return success(config.generation === generation ? config : { ...config });
    case 'host.create':
    case 'host.set':
    case 'host.delete':
    case 'lun.map':
    case 'lun.unmap':
      return applyHost(config, command);
    case 'portal.add':
    case 'portal.remove':
    case 'portal.removed':
      return applyTarget(config, command);
    case 'node.set':
    case 'cluster.set':
    case 'resource.set':
      return applyPolicy(config, command);
    case 'fence.test':
    case 'fence.dark':
    case 'fence.tested':
    case 'fence.waive':
    case 'fence.recorded':
      return applyFencing(config, command, at);
    case 'witness.add':
    case 'witness.remove':
    case 'witness.step':
    case 'witness.changed':
    case 'witness.failed':
      return applyWitness(config, command, at);
    case 'node.replace':
    case 'replace.away':
    case 'replace.fill':
    case 'replace.done':
      return applyReplacement(config, command, at);
    case 'pool.split':
    case 'pool.joined':
    case 'pool.recover':
    case 'recover.step':
    case 'recover.done':
    case 'recover.failed':
      return applySplit(config, command, at);
    case 'config.restore':
      return success(restoreIntent(config, command.intent).config);
    case 'operation.finished':
      return success(finish(config, command.id, at, command.failure));
    default:
      return assertNever(command);
  }
}

type CreateLun = Extract<Command, { kind: 'lun.create' }>;

function createLun(config: ClusterConfig, command: CreateLun, at: Milliseconds): Result<ClusterConfig> {
  const existing = config.luns[command.name];
  if (existing !== undefined) return isSameLun(existing, command) ? success(config) : taken(existing);
  if (config.pools[command.pool] === undefined)
    return failed(failure('pool_not_found', `there is no pool ${command.pool}`));
  const access = accessOf(command.hosts, command.readOnlyHosts);
  const refusal = accessRefusal(config, access);
  if (refusal !== undefined) return refusal;
  const source = cloneSource(config, command.from);
  if (source?.ok === false) return source;
  const lun: LunIntent = {
    name: command.name,
    pool: command.pool,
    target: command.target,
    size: roundUpToExtent(source?.value.size ?? command.size),
    ...(command.thin && { thin: true }),
    ...(source && { clonedFrom: source.value.name, source: source.value.volume }),
    ...access,
    number: config.nextLunNumber,
    serial: command.serial,
    state: 'creating',
    operation: command.operation,
  };
  return success({
    ...config,
    luns: { ...config.luns, [lun.name]: lun },
    nextLunNumber: config.nextLunNumber + 1,
    operations: begin(config, { id: command.operation, kind: 'lun.create', subject: lun.name }, at),
  });
}

function isSameLun(lun: LunIntent, command: CreateLun): boolean {
  return (
    lun.state !== 'deleting' &&
    lun.clonedFrom === command.from &&
    // What a clone is of may have grown since.
    (command.from !== undefined || lun.size === roundUpToExtent(command.size)) &&
    (lun.thin ?? false) === (command.thin ?? false) &&
    lun.pool === command.pool &&
    lun.target === command.target &&
    isSameAccess(lun, accessOf(command.hosts, command.readOnlyHosts))
  );
}

const taken = (lun: LunIntent): Result<never> =>
  lun.state === 'deleting'
    ? failed(failure('lun_busy', `LUN ${lun.name} is being deleted (operation ${lun.operation})`))
    : failed(
        failure(
          'name_taken',
          `LUN ${lun.name} exists${lun.thin === true ? ', thin,' : ''}${lun.clonedFrom === undefined ? '' : ` cloned from ${lun.clonedFrom},`} with ${lun.size} bytes for ${lun.hosts.join(', ')}`,
        ),
      );

function deleteLun(
  config: ClusterConfig,
  command: Extract<Command, { kind: 'lun.delete' }>,
  at: Milliseconds,
): Result<ClusterConfig> {
  const lun = config.luns[command.name];
  if (lun === undefined || lun.state === 'deleting') return success(config);
  if (lun.state === 'creating')
    return failed(failure('lun_busy', `LUN ${lun.name} is being created (operation ${lun.operation})`));
  if (lun.rollback !== undefined)
    return failed(
      failure('lun_busy', `LUN ${lun.name} is being rolled back (operation ${lun.rollback.operation})`),
    );
  const cloned = isBeingCloned(config, lun.name);
  if (cloned !== undefined) return cloned;
  const left = leavingWith(config, lun, command);
  if (!left.ok) return left;
  // Its creation has come to an end, seen in service or not.
  const settled = finish(abandonGrowth(config, lun.name, at), lun.operation, at, undefined);
  const operations = begin(settled, { id: command.operation, kind: 'lun.delete', subject: lun.name }, at);
  return success({
    ...left.value,
    operations,
    luns: {
      ...config.luns,
      [lun.name]: { ...leaveOut(lun, 'grow'), state: 'deleting', operation: command.operation },
    },
  });
}

/** One at a time for each node: who asks again is answered with the one that is under way. */
function powerOn(
  config: ClusterConfig,
  { node, operation: id }: Extract<Command, { kind: 'node.power-on' }>,
  at: Milliseconds,
): Result<ClusterConfig> {
  if (config.nodes[node] === undefined) return failed(failure('node_not_found', `there is no node ${node}`));
  const isUnderWay = Object.values(config.operations).some(
    ({ kind, subject, state }) => kind === 'node.power-on' && subject === node && state === 'running',
  );
  if (isUnderWay) return success(config);
  return success({
    ...config,
    operations: begin(config, { id, kind: 'node.power-on', subject: node }, at),
  });
}

function changeLun(
  config: ClusterConfig,
  name: string,
  from: LunIntent['state'],
  to: (lun: LunIntent) => LunIntent,
): ClusterConfig {
  const lun = config.luns[name];
  if (lun?.state !== from) return config;
  return { ...config, luns: { ...config.luns, [name]: to(lun) } };
}

/** What may have been made of it is removed like that of any LUN. */
function failCreation(
  config: ClusterConfig,
  { name, failure: cause }: Extract<Command, { kind: 'lun.createFailed' }>,
  at: Milliseconds,
): ClusterConfig {
  const operation = config.luns[name]?.operation;
  const changed = changeLun(config, name, 'creating', (lun) => ({ ...lun, state: 'deleting' }));
  return changed === config || operation === undefined
    ? config
    : finish(changed, operation, at, within(name, cause));
}

function dropLun(
  config: ClusterConfig,
  name: string,
  from: LunIntent['state'],
  at: Milliseconds,
  cause: Failure | undefined,
): ClusterConfig {
  const lun = config.luns[name];
  if (lun?.state !== from) return config;
  const luns = Object.fromEntries(Object.entries(config.luns).filter(([key]) => key !== name));
  return finish({ ...config, luns }, lun.operation, at, cause);
}

/** What was asked for it is not for another LUN of this name. */
function deleted(config: ClusterConfig, name: string, at: Milliseconds): ClusterConfig {
  const without = dropLun(config, name, 'deleting', at, undefined);
  return without === config ? config : withoutPolicy(without, `lun-${name}`);
}

/** Who has the current data gives it back when the other one has it too; nobody takes it from whoever has it (S4, S6). */
function claimPool(
  config: ClusterConfig,
  name: string,
  node: NodeName | undefined,
  at: Milliseconds,
): Result<ClusterConfig> {
  const owner = config.pools[name]?.solo;
  if (node !== undefined && owner !== undefined && owner !== node)
    return failed(failure('pool_claimed', `only ${owner} has the current data of pool ${name}`));
  const pool = config.pools[name];
  if (pool === undefined || owner === node) return success(config);
  return success({ ...config, pools: { ...config.pools, [name]: withSolo(pool, node, at) } });
}

function changePool(config: ClusterConfig, name: string, to: Pick<PoolIntent, 'state'>): ClusterConfig {
  const pool = config.pools[name];
  if (pool === undefined) return config;
  const changed = { ...pool, ...to };
  if (changed.state === pool.state) return config;
  return { ...config, pools: { ...config.pools, [name]: changed } };
}
