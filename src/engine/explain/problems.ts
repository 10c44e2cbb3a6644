import { problem, type LunView, type NodeName, type PoolView, type Problem } from '../../model/index.ts';
import type { EngineState } from '../controller/state.ts';
import { definitions } from '../executor/definitions.ts';
import { driftProblems } from './drift.ts';
import { failureProblems, nodeProblems, noticeProblems, powerProblems } from './node-problems.ts';
import { replacementProblems } from './replacement.ts';
import { syncOf } from '../replacement/progress.ts';
import { runningOn } from './running.ts';
import { thinProblems } from './thin.ts';
import { splitProblems } from './split.ts';
import { witnessProblems } from './witness.ts';
import { testDeviceProblems, untestedProblems, wishProblems } from './wishes.ts';

const WEIGHT: Readonly<Record<Problem['severity'], number>> = {
  'data-not-served': 0,
  'failure-would-not-be-survived': 1,
  attention: 2,
};

/** What a person should know, worst first; the same on every node, since it is made from what all nodes share. */
export function problemsOf(
  state: EngineState,
  luns: readonly LunView[],
  pools: readonly PoolView[],
): readonly Problem[] {
  const found = [
    ...membershipProblems(state),
    ...Object.entries(state.status.nodes).flatMap(([name, node]) => nodeProblems(state, name, node)),
    ...Object.entries(state.status.nodes).flatMap(([name, node]) => noticeProblems(state, name, node)),
    ...wishProblems(state),
    ...untestedProblems(state),
    ...testDeviceProblems(state),
    ...Object.keys(state.status.nodes).flatMap((name) => powerProblems(state, name)),
    ...witnessProblems(state),
    ...replacementProblems(state),
    ...pools.flatMap((pool) => splitProblems(state, pool)),
    ...pools.flatMap((pool) => poolProblems(state, pool)),
    ...pools.flatMap((pool) => thinProblems(state, pool)),
    ...luns.flatMap(lunProblems),
    ...wayToLunsProblems(state),
    ...Object.entries(state.status.nodes).flatMap(([name, node]) => driftProblems(state, name, node)),
    ...Object.entries(state.status.nodes).flatMap(([name, node]) => failureProblems(state, name, node)),
  ];
  return found.sort((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity]);
}

function membershipProblems(state: EngineState): readonly Problem[] {
  if (!state.view.complete) {
    const next = !state.transportUp
      ? 'systemctl status corosync'
      : Object.keys(state.refusals).length > 0
        ? 'See below whose messages are refused, and why.'
        : 'Wait a few seconds.';
    const why = state.transportUp ? '' : ': Corosync does not answer';
    return [
      problem(
        'not_synchronised',
        `${state.self} does not know the state of the cluster just now${why}`,
        next,
      ),
    ];
  }
  if (state.status.quorate) return [];
  return [
    problem(
      'no_quorum',
      'There is no quorum: after a start of both nodes, each waits until it has seen the other',
      'Start the other node, and check the cluster network between them.',
    ),
  ];
}

function poolProblems(state: EngineState, pool: PoolView): readonly Problem[] {
  if (!state.view.complete) return [];
  if (pool.state === 'new') return [problem('pool_new', `Pool ${pool.name} is being made`, 'Wait.')];
  if (pool.primary === undefined)
    return [
      problem('pool_not_served', `Pool ${pool.name} is primary on no node`, 'See what is blocked, below.'),
    ];
  const frozen = isFrozen(state, pool)
    ? [
        problem(
          'pool_frozen',
          `Pool ${pool.name} holds back all I/O on ${pool.primary}, until its peer is confirmed off or connected again`,
          'Check the replication network, and the management board of the other node.',
        ),
      ]
    : [];
  // Nothing synchronises before somebody has chosen.
  if (pool.split !== undefined) return frozen;
  const outdated = Object.entries(pool.disks)
    .filter(([name, disk]) => disk !== 'UpToDate' && state.status.nodes[name]?.state === 'online')
    .map(([name, disk]) =>
      problem(
        'replica_not_current',
        `The copy of pool ${pool.name} on ${name} is ${disk}${progress(state, pool.name, name)}`,
        'Wait for the synchronisation; where none runs, check the replication network.',
      ),
    );
  return [...frozen, ...outdated];
}

function isFrozen(state: EngineState, pool: PoolView): boolean {
  const seen = state.status.nodes[pool.primary ?? '']?.instances[`drbd-${pool.name}`]?.observation;
  return seen !== undefined && seen !== 'unknown' && seen.facts?.['suspended'] === 'yes';
}

function progress(state: EngineState, pool: string, node: NodeName): string {
  const sync = syncOf(state, pool, node);
  return sync === undefined ? '' : `, synchronised to ${sync}`;
}

function lunProblems({ name, state, servedBy, rollingBackTo }: LunView): readonly Problem[] {
  if (state !== 'ready' || servedBy !== undefined) return [];
  if (rollingBackTo !== undefined)
    return [
      problem(
        'lun_not_served',
        `LUN ${name} is being rolled back to ${rollingBackTo}`,
        'Wait: it is served again by itself.',
      ),
    ];
  return [problem('lun_not_served', `LUN ${name} is served by no node`, 'See what is blocked, below.')];
}

/** A LUN that no host can reach is not served; one that can be reached in fewer ways than it should, is. */
function wayToLunsProblems(state: EngineState): readonly Problem[] {
  if (!state.view.complete) return [];
  const ways = definitions(state).filter(({ agent }) => agent === 'lio-target' || agent === 'address');
  const missing = ways.filter(({ id }) => runningOn(state, id, 'running') === undefined);
  const isReachable = ways.some(
    ({ agent, id }) => agent === 'address' && !missing.some((one) => one.id === id),
  );
  return missing.map(({ id, agent }): Problem => {
    const told = problem('portal_not_served', `${id} runs on no node`, 'See what is blocked, below.');
    return agent === 'address' && isReachable ? { ...told, severity: 'attention' } : told;
  });
}
