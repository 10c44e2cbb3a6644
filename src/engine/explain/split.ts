import {
  bytes,
  inUtc,
  problem,
  type NodeName,
  type PoolIntent,
  type PoolView,
  type Problem,
  type SplitCopy,
  type SplitView,
} from '../../model/index.ts';
import type { EngineState } from '../controller/state.ts';
import { factsOf } from '../replacement/progress.ts';
import { holdUpOf } from '../split/recovery.ts';
import { sessionsOf } from './sessions.ts';

/** What each copy has that the other lacks, as far as that is known. */
export function splitView(state: EngineState, pool: PoolIntent): SplitView | undefined {
  const { split, recovery, disks } = pool;
  if (split === undefined) return undefined;
  const { since, apart, relation } = split;
  return {
    since,
    ...(apart !== undefined && { apart }),
    relation,
    ...(recovery && { discarding: recovery.discard }),
    copies: Object.keys(disks)
      .sort()
      .map((node) => copyOn(state, pool, node)),
  };
}

function copyOn(state: EngineState, pool: PoolIntent, node: NodeName): SplitCopy {
  const isThere = state.status.nodes[node]?.state === 'online';
  const { role, disk, connection, outOfSync } = isThere ? factsOf(state, pool.name, node) : {};
  const serves = role === 'Primary';
  return {
    node,
    serves,
    disk: String(disk ?? 'unknown'),
    connection: String(connection ?? 'unknown'),
    ...(typeof outOfSync === 'number' && { differs: bytes(outOfSync) }),
    // What was written through a node that serves nothing was written by hand, and nobody knows by whom.
    ...(serves && { hosts: hostsThrough(state, pool, node) }),
  };
}

function hostsThrough(state: EngineState, pool: PoolIntent, node: NodeName): readonly string[] {
  const targets = Object.values(state.config.current.targets).filter((target) => target.pool === pool.name);
  const names = targets.flatMap(({ name }) =>
    sessionsOf(state, name)
      .filter((session) => session.node === node)
      .map(({ host, initiator }) => host ?? initiator ?? 'unknown'),
  );
  return [...new Set(names)].sort();
}

export function splitProblems(state: EngineState, { name, split, primary }: PoolView): readonly Problem[] {
  const pool = state.config.current.pools[name];
  if (split === undefined || pool === undefined) return [];
  const { recovery } = pool;
  const nodes = split.copies.map(({ node }) => node).join(' and ');
  const more = recovery && holdUpOf(state, pool, recovery);
  const what = [
    `Pool ${name} is split since ${inUtc(split.since)}`,
    split.relation === 'split'
      ? `: ${nodes} each have data that the other lacks`
      : `: the copies on ${nodes} have no past in common`,
    ...(recovery === undefined ? [] : [`; the changes of ${recovery.discard} are being discarded`]),
    ...(more === undefined ? [] : [`; ${more}`]),
    ...(primary === undefined ? ['; no copy is served before somebody has chosen one'] : []),
  ].join('');
  const told = problem('pool_split', what, nextOf(pool, split));
  return [primary === undefined ? { ...told, severity: 'data-not-served' } : told];
}

function nextOf({ name, recovery }: PoolIntent, { relation }: SplitView): string {
  if (recovery !== undefined) return `keelson operation show ${recovery.operation}`;
  return relation === 'split'
    ? `keelson pool recover ${name}`
    : 'Choose the copy that is lost, and have its disk made new: `keelson node replace NODE --disk DISK --overwrite DISK`.';
}
