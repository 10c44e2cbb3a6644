import {
  failed,
  failure,
  success,
  type ClusterConfig,
  type ClusterStatus,
  type NodeName,
  type ReplyOf,
  type RequestKind,
  type RequestOf,
  type Result,
} from '../../model/index.ts';
import { nodeViews, resourceViews } from '../explain/index.ts';
import { isUnmanaged, outOfService } from '../planner/index.ts';
import { multicast, reply } from './draft.ts';
import { activeOn } from './leaving.ts';
import { submit } from './submit.ts';
import type { Draft, EngineState } from './state.ts';

/** What an operator asks of nodes, the cluster and resources. */
export function setNode(draft: Draft, id: number, wanted: RequestOf<'node.set'>): void {
  const { name, standby, maintenance, leaving, fenceAction, force } = wanted;
  const { state } = draft;
  const { config, status } = state;
  const node = config.current.nodes[name];
  if (node === undefined)
    return reply(draft, id, failed(failure('node_not_found', `there is no node ${name}`)));
  if (standby === true && node.standby !== true && force !== true) {
    const nodes = { ...config.current.nodes, [name]: { ...node, standby } };
    const hindrance = wouldStop(state, { ...config.current, nodes }, status, `if ${name} were in standby`);
    if (hindrance !== undefined) return reply(draft, id, hindrance);
  }
  if (leaving === false && status.nodes[name]?.leaving !== undefined)
    multicast(draft, { kind: 'leaving', node: name, leaving });
  submit(draft, id, 'node.set', name, { kind: 'node.set', node: name, standby, maintenance, fenceAction });
}

export const waive = (draft: Draft, id: number, { name, reason }: RequestOf<'fence.waive'>): void =>
  submit(draft, id, 'fence.waive', name, {
    kind: 'fence.waive',
    node: name,
    ...(reason !== undefined && { reason }),
  });

export const setCluster = (draft: Draft, id: number, wanted: RequestOf<'cluster.set'>): void =>
  submit(draft, id, 'cluster.set', '', { kind: 'cluster.set', ...wanted });

export const setResource = (draft: Draft, id: number, wanted: RequestOf<'resource.set'>): void =>
  submit(draft, id, 'resource.set', wanted.id, {
    kind: 'resource.set',
    resource: wanted.id,
    policy: wanted.policy,
  });

/** As things are now that the wish is on all disks; undefined: it was no wish. */
export function changedWish(
  state: EngineState,
  kind: RequestKind,
  subject: string,
): Result<unknown> | undefined {
  if (kind === 'node.set' || kind === 'fence.test' || kind === 'fence.waive')
    return changedNode(state, subject);
  if (kind === 'resource.set') return changedResource(state, subject);
  if (kind === 'cluster.set') {
    const { maintenance, fenceAction = 'reboot' } = state.config.current.properties;
    return success({ maintenance: maintenance === true, fenceAction });
  }
  return undefined;
}

function changedNode(state: EngineState, name: NodeName): Result<ReplyOf<'node.set'>> {
  const view = nodeViews(state).find((node) => node.name === name);
  return view === undefined
    ? failed(failure('node_not_found', `there is no node ${name} any more`))
    : success(view);
}

function changedResource(state: EngineState, id: string): Result<ReplyOf<'resource.set'>> {
  const view = resourceViews(state).find((resource) => resource.id === id);
  return view === undefined
    ? failed(failure('resource_not_found', `there is no resource ${id} any more`))
    : success(view);
}

/** Answered at once with what is still active there; the caller asks again until nothing is. */
export function leave(draft: Draft, id: number, { name, force }: RequestOf<'node.leave'>): void {
  const { state } = draft;
  const { status, self, view } = state;
  const node = name ?? self;
  const present = status.nodes[node];
  if (present === undefined)
    return reply(draft, id, failed(failure('node_not_found', `there is no node ${node}`)));
  if (!view.complete)
    return reply(
      draft,
      id,
      failed(failure('not_synchronised', 'the nodes are exchanging their state just now')),
    );
  if (present.state === 'offline') return reply(draft, id, success({ node, left: true, active: [] }));
  if (present.state !== 'online')
    return reply(draft, id, failed(failure('not_synchronised', `${node} is ${present.state}`)));
  if (present.leaving === undefined) {
    const hindrance = force === true ? undefined : hindranceToLeave(state, node);
    if (hindrance !== undefined) return reply(draft, id, hindrance);
    multicast(draft, { kind: 'leaving', node, leaving: true });
  }
  const active = activeOn(state, node);
  // Until that has come through the total order, it may still be given something to do.
  reply(draft, id, success({ node, left: present.leaving !== undefined && active.length === 0, active }));
}

function hindranceToLeave(state: EngineState, node: NodeName): Result<never> | undefined {
  const { status, config } = state;
  const present = status.nodes[node];
  if (present === undefined) return undefined;
  const leftAlone = activeOn(state, node).filter((id) => isUnmanaged(config.current, id, node));
  if (leftAlone.length > 0)
    return failed(
      failure(
        'not_managed',
        `${leftAlone.join(', ')} on ${node} is not managed, or in maintenance, and would stay there`,
      ),
    );
  const nodes = { ...status.nodes, [node]: { ...present, leaving: present.since } };
  return wouldStop(state, config.current, { ...status, nodes }, `if ${node} left`);
}

export function wouldStop(
  { config, status }: EngineState,
  asked: ClusterConfig,
  then: ClusterStatus,
  when: string,
): Result<never> | undefined {
  const { blueprint, current } = config;
  const lost = outOfService(
    { blueprint, config: current, status },
    { blueprint, config: asked, status: then },
  );
  return lost.length === 0
    ? undefined
    : failed(failure('data_would_stop', `no other node could take ${lost.join(', ')} ${when}`));
}
