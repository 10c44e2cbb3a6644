import {
  assertNever,
  failed,
  failure,
  RECOVERY_ATTEMPTS,
  success,
  type ClusterConfig,
  type Failure,
  type Milliseconds,
  type NodeName,
  type PoolIntent,
  type PoolRecovery,
  type RecoveryPhase,
  type Result,
  type SplitCommand,
} from '../../model/index.ts';
import { leaveOut } from './leave-out.ts';
import { begin, finish } from './operations.ts';
import { otherOf } from './replacement.ts';

/** To whom the pool belongs alone, and since when; undefined: to both. */
export const withSolo = (
  pool: PoolIntent,
  node: NodeName | undefined,
  at: Milliseconds | undefined,
): PoolIntent => ({
  ...leaveOut(pool, 'soloSince'),
  solo: node,
  ...(node !== undefined && at !== undefined && { soloSince: at }),
});

/** Such as `1 of 3: san-b connects again, and discards its changes`. */
function progressOf({ phase, discard, attempt }: PoolRecovery, survivor: NodeName): string {
  const words: Readonly<Record<RecoveryPhase, string>> = {
    victim: `1 of 3: ${discard} connects again, and discards its changes`,
    survivor: `2 of 3: ${survivor} connects again`,
    meet: `2 of 3: the copies meet`,
    fill: `3 of 3: the copy of ${discard} is filled from ${survivor}`,
  };
  return `${words[phase]}${attempt > 1 && phase !== 'fill' ? ` (attempt ${attempt} of ${RECOVERY_ATTEMPTS})` : ''}`;
}

/**
 * Why the changes of this node cannot be discarded, whatever happens just now; `present`: it is under way.
 */
export function hindranceToRecover(
  config: ClusterConfig,
  name: string,
  discard: NodeName,
): Failure | 'present' | undefined {
  const pool = Object.hasOwn(config.pools, name) ? config.pools[name] : undefined;
  if (pool === undefined) return failure('pool_not_found', `there is no pool ${name}`);
  if (pool.disks[discard] === undefined)
    return failure('node_not_found', `no node ${discard} has a copy of pool ${name}`);
  const { recovery, split } = pool;
  if (recovery !== undefined)
    return recovery.discard === discard
      ? 'present'
      : failure(
          'recovery_running',
          `the changes of ${recovery.discard} are being discarded (operation ${recovery.operation})`,
        );
  const { replacement } = config;
  if (replacement?.disks[name] !== undefined)
    return failure(
      'recovery_running',
      `the disk of ${replacement.node} is being replaced (operation ${replacement.operation})`,
    );
  if (split === undefined)
    return failure('pool_not_split', `no copy of pool ${name} is known to have data that the other lacks`);
  return split.relation === 'unrelated'
    ? failure('copies_unrelated', `DRBD never copies one of the copies of pool ${name} to the other`)
    : undefined;
}

export function applySplit(
  config: ClusterConfig,
  command: SplitCommand,
  at: Milliseconds,
): Result<ClusterConfig> {
  switch (command.kind) {
    case 'pool.split':
      return success(found(config, command, at));
    case 'pool.joined':
      return success(joined(config, command.name));
    case 'pool.recover':
      return recover(config, command, at);
    case 'recover.step':
      return success(
        advanced(config, command, (recovery) => ({
          ...recovery,
          phase: command.phase,
          attempt: recovery.attempt + (command.phase === 'victim' ? 1 : 0),
        })),
      );
    case 'recover.done':
      return success(ended(config, command, at, undefined));
    case 'recover.failed':
      return success(ended(config, command, at, command.failure));
    default:
      return assertNever(command);
  }
}

const withPool = (config: ClusterConfig, pool: PoolIntent): ClusterConfig => ({
  ...config,
  pools: { ...config.pools, [pool.name]: pool },
});

/** Whoever serves goes on, and nobody else does before the copies have met: the other copy lacks what was acknowledged. */
function found(
  config: ClusterConfig,
  { name, relation, generations, primary }: Extract<SplitCommand, { kind: 'pool.split' }>,
  at: Milliseconds,
): ClusterConfig {
  const pool = config.pools[name];
  if (pool === undefined || pool.split !== undefined) return config;
  const { solo, soloSince: apart } = pool;
  return withPool(config, {
    ...(solo === undefined && primary !== undefined ? withSolo(pool, primary, undefined) : pool),
    split: { since: at, ...(apart !== undefined && { apart }), relation, generations },
  });
}

function joined(config: ClusterConfig, name: string): ClusterConfig {
  const pool = config.pools[name];
  if (pool?.split === undefined) return config;
  const { recovery } = pool;
  const met = withPool(config, leaveOut(pool, 'split'));
  return recovery === undefined
    ? met
    : advanced(met, { name, operation: recovery.operation }, (before) => ({ ...before, phase: 'fill' }));
}

/** From now on the other copy is the one that counts, if anybody's was. */
function recover(
  config: ClusterConfig,
  { name, discard, operation }: Extract<SplitCommand, { kind: 'pool.recover' }>,
  at: Milliseconds,
): Result<ClusterConfig> {
  const hindrance = hindranceToRecover(config, name, discard);
  if (hindrance === 'present') return success(config);
  if (hindrance !== undefined) return failed(hindrance);
  const pool = config.pools[name];
  const survivor = pool && otherOf(pool, discard);
  if (pool === undefined || survivor === undefined)
    return failed(failure('pool_not_found', `there is no pool ${name}`));
  const recovery: PoolRecovery = { discard, phase: 'victim', attempt: 1, operation };
  const record = {
    id: operation,
    kind: 'pool.recover' as const,
    subject: name,
    progress: progressOf(recovery, survivor),
  };
  const chosen = pool.solo === discard ? withSolo(pool, survivor, at) : pool;
  return success({
    ...withPool(config, { ...chosen, recovery }),
    operations: begin(config, record, at),
  });
}

/** Of another recovery than the present one it is late, and changes nothing. */
function advanced(
  config: ClusterConfig,
  { name, operation }: { readonly name: string; readonly operation: string },
  to: (before: PoolRecovery) => PoolRecovery,
): ClusterConfig {
  const pool = config.pools[name];
  if (pool?.recovery?.operation !== operation) return config;
  const recovery = to(pool.recovery);
  if (recovery.phase === pool.recovery.phase) return config;
  const changed = withPool(config, { ...pool, recovery });
  const record = config.operations[operation];
  if (record === undefined) return changed;
  const progress = progressOf(recovery, otherOf(pool, recovery.discard) ?? '');
  return { ...changed, operations: { ...config.operations, [operation]: { ...record, progress } } };
}

function ended(
  config: ClusterConfig,
  { name, operation }: { readonly name: string; readonly operation: string },
  at: Milliseconds,
  cause: Failure | undefined,
): ClusterConfig {
  const pool = config.pools[name];
  if (pool?.recovery?.operation !== operation) return config;
  return finish(withPool(config, leaveOut(pool, 'recovery')), operation, at, cause);
}
