import {
  bytes,
  milliseconds,
  type ClusterConfig,
  type ClusterStatus,
  type FencingStatus,
  type InstanceStatus,
  type LunIntent,
  type NodeName,
  type NodeStatus,
  type Observation,
  type OperationName,
  type PoolIntent,
  type Transition,
} from '../../../src/model/index.ts';
import { compile } from '../../../src/engine/blueprint/index.ts';
import { checkTransition, plan as planNext, type PlanInput } from '../../../src/engine/planner/index.ts';

/** Two nodes, san-a preferred, a pool `data` with a target `data` on two portals, one host. */
export function config(
  lunStates: Readonly<Record<string, LunIntent['state']>>,
  change: { readonly pool?: Partial<PoolIntent>; readonly quorumPolicy?: 'stop' | 'freeze' } = {},
): ClusterConfig {
  const node = (name: string, id: number) => ({
    name,
    id,
    management: `10.0.1.${id}`,
    cluster: `10.0.4.${id}`,
    replication: `10.0.5.${id}`,
  });
  return {
    format: 1,
    clusterId: 'c',
    clusterName: 'san',
    generation: 0,
    revision: 1,
    nodes: { 'san-a': node('san-a', 1), 'san-b': node('san-b', 2) },
    fenceDevices: {},
    pools: {
      data: {
        name: 'data',
        state: 'ready',
        minor: 0,
        port: 7789,
        sharedSecret: '0123456789abcdef',
        disks: { 'san-a': '/dev/disk/by-id/a', 'san-b': '/dev/disk/by-id/b' },
        preferredNode: 'san-a',
        solo: undefined,
        ...change.pool,
      },
    },
    targets: {
      data: {
        name: 'data',
        iqn: 'iqn.2026-01.com.example:data',
        pool: 'data',
        portals: [
          { name: '1', address: '10.0.3.100', prefix: 24 },
          { name: '2', address: '10.0.6.100', prefix: 24 },
        ],
      },
    },
    hosts: { web: { name: 'web', initiators: ['iqn.2026-01.com.example:web'] } },
    luns: Object.fromEntries(
      Object.entries(lunStates).map(([name, state], index): [string, LunIntent] => [
        name,
        {
          name,
          pool: 'data',
          target: 'data',
          size: bytes(2 ** 30),
          hosts: ['web'],
          number: index,
          serial: index.toString(16).padStart(32, '0'),
          state,
          operation: `op-${name}`,
        },
      ]),
    ),
    operations: {},
    nextLunNumber: 1000,
    properties: {
      quorumPolicy: change.quorumPolicy ?? 'freeze',
      token: milliseconds(1000),
      engineGrace: milliseconds(20_000),
      fenceDelay: milliseconds(3000),
      patience: 1,
    },
  };
}

export const seen = (state: Observation['state'], promotionScore?: number): InstanceStatus => ({
  observation: { state, ...(promotionScore === undefined ? {} : { promotionScore }) },
  failures: undefined,
});

export const failing = (
  observation: InstanceStatus['observation'],
  operation: OperationName,
  count: number,
  message = 'it broke',
): InstanceStatus => ({
  observation,
  failures: { count, lastAt: milliseconds(1), operation, failure: { code: 'agent_failed', message } },
});

export const node = (
  state: NodeStatus['state'],
  instances: NodeStatus['instances'] = {},
  more: { readonly fenceWanted?: string; readonly fencing?: FencingStatus } = {},
): NodeStatus => ({
  state,
  since: milliseconds(0),
  fenceWanted: more.fenceWanted,
  fencing: more.fencing,
  instances,
});

export const cluster = (nodes: Readonly<Record<NodeName, NodeStatus>>, quorate = true): ClusterStatus => ({
  quorate,
  nodes,
});

const stack = (cfg: ClusterConfig): readonly string[] =>
  compile(cfg)
    .resources.map(({ id }) => id)
    .filter((id) => id !== 'drbd-data');

/** Promoted, everything runs. */
export const serving = (cfg: ClusterConfig): NodeStatus['instances'] => ({
  'drbd-data': seen('promoted', 10_000),
  ...Object.fromEntries(stack(cfg).map((id) => [id, seen('running')])),
});

/** A healthy standby. */
export const standby = (cfg: ClusterConfig): NodeStatus['instances'] => ({
  'drbd-data': seen('running', 10_000),
  ...Object.fromEntries(stack(cfg).map((id) => [id, seen('stopped')])),
});

export const empty = (cfg: ClusterConfig): NodeStatus['instances'] => ({
  ...standby(cfg),
  'drbd-data': seen('stopped'),
});

export const input = (cfg: ClusterConfig, status: ClusterStatus): PlanInput => ({
  blueprint: compile(cfg),
  config: cfg,
  status,
});

/** What the controller does: plan and check. */
export function plan(cfg: ClusterConfig, status: ClusterStatus): Transition {
  const all = input(cfg, status);
  const transition = planNext(all);
  checkTransition(transition, all);
  return transition;
}

export const ids = (transition: Transition): readonly string[] =>
  transition.actions.map(({ id }) => id).sort();

/** Whether `then` waits for `first`, directly or through others. */
export function waitsFor(transition: Transition, then: string, first: string): boolean {
  const before = transition.after[then] ?? [];
  return before.includes(first) || before.some((id) => waitsFor(transition, id, first));
}
