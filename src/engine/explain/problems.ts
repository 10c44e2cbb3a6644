import {
  failures,
  type LunView,
  type NodeName,
  type NodeStatus,
  type PoolView,
  type Problem,
} from '../../model/index.ts';
import type { EngineState } from '../controller/state.ts';
import { definitions } from '../executor/definitions.ts';
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
    ...Object.entries(state.status.nodes).flatMap(([name, node]) => nodeProblems(name, node)),
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

function nodeProblems(name: NodeName, node: NodeStatus): readonly Problem[] {
  // An attempt that is under way does not make the failure of the last one untrue.
  const cause = node.fencing?.state === 'confirmed' ? undefined : node.fencing?.failure;
  if (cause !== undefined) {
    return [
      {
        code: cause.code,
        severity: 'data-not-served',
        message: `${name} must be fenced and cannot be (attempt ${node.fencing?.attempts ?? 1}): ${cause.message}. Nothing of it is started elsewhere before that`,
        next: `Check the management board of ${name} (power, network, credentials); Keelson goes on trying by itself.`,
      },
    ];
  }
  const broken = node.device?.failure;
  if (broken !== undefined && node.state === 'online')
    return [
      {
        code: broken.code,
        severity: 'failure-would-not-be-survived',
        message: `${name} could not be fenced now: ${broken.message}`,
        next: `Check the management board of ${name} (power, network, credentials); Keelson asks it again by itself.`,
      },
    ];
  const message: Partial<Record<NodeStatus['state'], string>> = {
    lost: `${name} is lost and is being fenced`,
    offline: node.leaving === undefined ? `${name} is off` : `${name} has left in order and is off`,
    joining: `${name} is joining`,
    'engine-gone': `The engine of ${name} is gone; what runs there goes on, unwatched`,
  };
  const text = message[node.state];
  if (text === undefined) return [];
  const next: Partial<Record<NodeStatus['state'], string>> = {
    offline: `Start ${name}, if it does not come back by itself.`,
    'engine-gone': `On ${name}: systemctl status keelsond. It is fenced if it stays away.`,
  };
  return [
    {
      code: `node_${node.state}`,
      severity: 'failure-would-not-be-survived',
      message: text,
      next: next[node.state] ?? 'Wait.',
    },
  ];
}

/** What nodes say of themselves, as long as they are there to say when it is over. */
function noticeProblems(state: EngineState, name: NodeName, node: NodeStatus): readonly Problem[] {
  if (node.state !== 'online' && name !== state.self) return [];
  return Object.values(node.notices ?? {}).map(({ failure }) => ({
    code: failure.code,
    severity: 'attention',
    message: `${name}: ${failure.message}`,
    next: failures[failure.code].next,
  }));
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

function failureProblems(name: NodeName, node: NodeStatus): readonly Problem[] {
  if (node.state !== 'online') return [];
  return Object.entries(node.instances).flatMap(([resource, { failures }]) =>
    failures === undefined
      ? []
      : [
          {
            code: failures.failure.code,
            severity: 'attention' as const,
            message: `${resource} on ${name}: ${failures.operation} failed ${failures.count} times: ${failures.failure.message}`,
            next: `keelson cleanup ${resource} --node ${name}`,
          },
        ],
  );
}
