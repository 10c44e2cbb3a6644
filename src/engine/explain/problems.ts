import type { LunView, NodeName, PoolView, Problem } from '../../model/index.ts';
import type { EngineState } from '../controller/state.ts';
import { definitions } from '../executor/definitions.ts';
import { failureProblems, nodeProblems, noticeProblems } from './node-problems.ts';
import { runningOn } from './running.ts';
import { wishProblems } from './wishes.ts';

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
    ...pools.flatMap((pool) => poolProblems(state, pool)),
    ...luns.flatMap(lunProblems),
    ...wayToLunsProblems(state),
    ...Object.entries(state.status.nodes).flatMap(([name, node]) => failureProblems(name, node)),
  ];
  return found.sort((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity]);
}

function membershipProblems(state: EngineState): readonly Problem[] {
  if (!state.view.complete)
    return [
      {
        code: 'not_synchronised',
        severity: 'data-not-served',
        message: `${state.self} does not know the state of the cluster just now${state.transportUp ? '' : ': Corosync does not answer'}`,
        next: !state.transportUp
          ? 'systemctl status corosync'
          : Object.keys(state.refusals).length > 0
            ? 'See below whose messages are refused, and why.'
            : 'Wait a few seconds.',
      },
    ];
  if (state.status.quorate) return [];
  return [
    {
      code: 'no_quorum',
      severity: 'data-not-served',
      message: 'There is no quorum: after a start of both nodes, each waits until it has seen the other',
      next: 'Start the other node, and check the cluster network between them.',
    },
  ];
}

function poolProblems(state: EngineState, pool: PoolView): readonly Problem[] {
  if (!state.view.complete) return [];
  if (pool.state === 'new')
    return [
      { code: 'pool_new', severity: 'attention', message: `Pool ${pool.name} is being made`, next: 'Wait.' },
    ];
  if (pool.primary === undefined)
    return [
      {
        code: 'pool_not_served',
        severity: 'data-not-served',
        message: `Pool ${pool.name} is primary on no node`,
        next: 'See what is blocked, below.',
      },
    ];
  const frozen = isFrozen(state, pool)
    ? [
        {
          code: 'pool_frozen',
          severity: 'data-not-served' as const,
          message: `Pool ${pool.name} holds back all I/O on ${pool.primary}, until its peer is confirmed off or connected again`,
          next: 'Check the replication network, and the management board of the other node.',
        },
      ]
    : [];
  const outdated = Object.entries(pool.disks)
    .filter(([name, disk]) => disk !== 'UpToDate' && state.status.nodes[name]?.state === 'online')
    .map(([name, disk]) => ({
      code: 'replica_not_current',
      severity: 'failure-would-not-be-survived' as const,
      message: `The copy of pool ${pool.name} on ${name} is ${disk}${progress(state, pool.name, name)}`,
      next: 'Wait for the synchronisation; where none runs, check the replication network.',
    }));
  return [...frozen, ...outdated];
}

function isFrozen(state: EngineState, pool: PoolView): boolean {
  const seen = state.status.nodes[pool.primary ?? '']?.instances[`drbd-${pool.name}`]?.observation;
  return seen !== undefined && seen !== 'unknown' && seen.facts?.['suspended'] === 'yes';
}

function progress(state: EngineState, pool: string, node: NodeName): string {
  const seen = state.status.nodes[node]?.instances[`drbd-${pool}`]?.observation;
  const percent = seen === undefined || seen === 'unknown' ? undefined : seen.facts?.['resyncPercent'];
  return percent === undefined ? '' : `, synchronised to ${percent} %`;
}

function lunProblems(lun: LunView): readonly Problem[] {
  if (lun.state !== 'ready' || lun.servedBy !== undefined) return [];
  return [
    {
      code: 'lun_not_served',
      severity: 'data-not-served',
      message: `LUN ${lun.name} is served by no node`,
      next: 'See what is blocked, below.',
    },
  ];
}

/** A LUN that no host can reach is not served; one that can be reached in fewer ways than it should, is. */
function wayToLunsProblems(state: EngineState): readonly Problem[] {
  if (!state.view.complete) return [];
  const ways = definitions(state).filter(({ agent }) => agent === 'lio-target' || agent === 'address');
  const missing = ways.filter(({ id }) => runningOn(state, id, 'running') === undefined);
  const isReachable = ways.some(
    ({ agent, id }) => agent === 'address' && !missing.some((one) => one.id === id),
  );
  return missing.map(({ id, agent }) => ({
    code: 'portal_not_served',
    severity: agent === 'address' && isReachable ? ('attention' as const) : ('data-not-served' as const),
    message: `${id} runs on no node`,
    next: 'See what is blocked, below.',
  }));
}
