import {
  milliseconds,
  type Action,
  type ClusterConfig,
  type ClusterStatus,
  type InstanceStatus,
  type NodeStatus,
} from '../../../src/model/index.ts';

import { plan, seen } from './world.ts';

export interface World {
  readonly config: ClusterConfig;
  readonly status: ClusterStatus;
  /** What really runs where nobody has looked. */
  readonly truth: (node: string, resource: string) => InstanceStatus;
}

/** Schedules and carries out, every action succeeding, until nothing is left to do. Returns the world and the rounds. */
export function settle(world: World, limit = 20): { readonly world: World; readonly rounds: number } {
  let now = world;
  for (let rounds = 0; rounds < limit; rounds += 1) {
    const transition = plan(now.config, now.status);
    if (transition.actions.length === 0) return { world: now, rounds };
    const done = new Set<string>();
    let open = transition.actions;
    while (open.length > 0) {
      const ready = open.filter(({ id }) => (transition.after[id] ?? []).every((before) => done.has(before)));
      if (ready.length === 0) throw new Error('the transition cannot be carried out');
      for (const action of ready) {
        now = perform(now, action);
        done.add(action.id);
      }
      open = open.filter(({ id }) => !done.has(id));
    }
  }
  throw new Error(
    `not settled after ${limit} rounds: ${plan(now.config, now.status)
      .actions.map(({ id }) => id)
      .join(', ')}`,
  );
}

function perform(world: World, action: Action): World {
  if (action.kind === 'fence')
    return onNode(world, action.node, () => ({
      state: 'offline',
      since: milliseconds(2),
      fenceWanted: undefined,
      fencing: undefined,
      instances: {},
    }));
  const { node, resource, operation } = action;
  const before = world.status.nodes[node]?.instances[resource];
  // What runs anew has been down: that it once would not stop is past.
  const isPast =
    operation === 'start' && ['stop', 'demote'].includes(before?.failures?.operation ?? 'monitor');
  const failures = isPast ? undefined : before?.failures;
  const changed = (after: InstanceStatus['observation']): World =>
    onNode(world, node, (status) => ({
      ...status,
      instances: { ...status.instances, [resource]: { observation: after, failures } },
    }));
  const fresh = action.parameters['fresh'] === true;
  const score = action.agent === 'drbd' ? (scoreOf(before) ?? (fresh ? undefined : 10_000)) : undefined;
  switch (operation) {
    case 'monitor':
      return changed(world.truth(node, resource).observation);
    case 'start':
    case 'reload':
    case 'demote':
      return changed(seen('running', score).observation);
    case 'stop':
      return changed({ state: 'stopped' });
    case 'promote':
      assertAlone(world, node, resource);
      return changed(seen('promoted', score).observation);
    case 'create':
      if (action.agent === 'drbd') return changed(seen('running', 10_000).observation);
      return { ...world, config: fulfilled(world.config, action.agent, resource) };
    case 'grow':
      return world;
    case 'reconnect':
      return world;
    case 'remove': {
      const luns = Object.entries(world.config.luns).filter(([name]) => `lun-${name}` !== resource);
      return { ...world, config: { ...world.config, luns: Object.fromEntries(luns) } };
    }
  }
}

const scoreOf = (instance: InstanceStatus | undefined): number | undefined =>
  instance === undefined || instance.observation === 'unknown'
    ? undefined
    : instance.observation.promotionScore;

/** The kernel of the model: it refuses a second primary. */
function assertAlone(world: World, node: string, resource: string): void {
  for (const [name, { instances }] of Object.entries(world.status.nodes)) {
    const state = instances[resource]?.observation;
    if (name !== node && state !== undefined && state !== 'unknown' && state.state === 'promoted')
      throw new Error(`${resource} would be promoted on ${node} and ${name}`);
  }
}

function fulfilled(config: ClusterConfig, agent: string, resource: string): ClusterConfig {
  if (agent === 'lvm')
    return {
      ...config,
      pools: Object.fromEntries(
        Object.entries(config.pools).map(([name, pool]) => [name, { ...pool, state: 'ready' as const }]),
      ),
    };
  const lun = resource.replace('lun-', '');
  const intent = config.luns[lun];
  if (intent === undefined) return config;
  return { ...config, luns: { ...config.luns, [lun]: { ...intent, state: 'ready' } } };
}

const onNode = (world: World, node: string, change: (status: NodeStatus) => NodeStatus): World => {
  const before = world.status.nodes[node];
  if (before === undefined) throw new Error(`no node ${node}`);
  return {
    ...world,
    status: { ...world.status, nodes: { ...world.status.nodes, [node]: change(before) } },
  };
};
