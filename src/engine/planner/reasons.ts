import { INFINITY, type NodeName, type ResourceId } from '../../model/index.ts';
import { inShort } from './applied.ts';
import type { IsChanging } from './deeds.ts';
import type { Facts } from './facts.ts';
import type { Placements } from './placement.ts';
import type { Stacking } from './stacking.ts';
import type { Step } from './step.ts';
import { isWornOut } from './worn-out.ts';

/** What the reason for a step is made from. */
export interface Grounds {
  readonly facts: Facts;
  readonly stacking: Stacking;
  readonly placements: Placements;
  readonly isChanging: IsChanging;
}

/** Why a step is taken: a clause for people. */
export function reasonFor(grounds: Grounds, step: Step): string {
  const { operation, resource, node } = step;
  if (operation === 'monitor') return `nobody has looked yet whether ${resource} runs on ${node}`;
  if (operation === 'reload') return whyReloaded(grounds.facts, resource, node);
  return grounds.facts.definition.get(resource)?.kind === 'promotable-clone'
    ? reasonForInstance(grounds, step)
    : reasonForPrimitive(grounds, step);
}

function reasonForPrimitive(grounds: Grounds, { operation, resource, node }: Step): string {
  const { facts, placements } = grounds;
  const cause = whyRestarted(grounds, resource, node);
  const [belongs] = placements(resource).nodes;
  if (operation === 'start') return cause ?? whyThere(facts, placements, resource, node);
  if (belongs === undefined) return whyNowhere(grounds, resource);
  if (belongs !== node) return `it belongs on ${belongs}: ${whyThere(facts, placements, resource, belongs)}`;
  return cause ?? 'it is started anew';
}

function reasonForInstance(grounds: Grounds, { operation, resource, node }: Step): string {
  const { facts, placements } = grounds;
  const placement = placements(resource);
  switch (operation) {
    case 'promote':
      return whyPromoted(facts, resource, node);
    case 'demote':
      return whyDemoted(grounds, resource, node);
    case 'start':
      return whyRestarted(grounds, resource, node) ?? `every node runs an instance of ${resource}`;
    case 'stop':
    case 'reload':
    case 'monitor':
      return (
        whyRestarted(grounds, resource, node) ??
        (placement.nodes.includes(node) ? 'it is started anew' : whyNowhere(grounds, resource))
      );
  }
}

function whyReloaded({ definition, seen }: Facts, id: ResourceId, node: NodeName): string {
  const { applied, drift } = seen(id, node);
  const primitive = definition.get(id)?.primitive;
  const isOurs = primitive !== undefined && applied !== inShort(primitive.agent, primitive.parameters);
  if (isOurs || drift === undefined) return 'its definition has changed';
  return drift.code === 'configuration_drifted' ? `somebody has changed it: ${drift.message}` : drift.message;
}

/** It failed, runs twice, or stands on something that changes. */
function whyRestarted(
  { facts, stacking, isChanging }: Grounds,
  id: ResourceId,
  node: NodeName,
): string | undefined {
  const { usable, seen, definition } = facts;
  const running = usable.filter((other) => isUp(seen(id, other).state));
  if (running.length > 1 && definition.get(id)?.kind === 'primitive')
    return `it RUNS TWICE, on ${running.join(' and ')}; it is stopped everywhere and started once`;
  const { state, failures } = seen(id, node);
  if (state === 'failed')
    return `it failed there: ${failures?.failure.message ?? 'neither running nor stopped'}`;
  if (!isUp(state)) return undefined;
  const shaken = stacking.foundations(id).find((foundation) => isChanging(foundation, node));
  return shaken === undefined ? undefined : `${shaken}, which it stands on, changes`;
}

function whyThere(facts: Facts, placements: Placements, id: ResourceId, node: NodeName): string {
  const peer = (facts.colocations.get(id) ?? []).find(({ score }) => score >= INFINITY);
  if (peer !== undefined) {
    const isPromoted = peer.withRole === 'promoted' && placements(peer.with).promoted === node;
    return `${peer.with} is ${isPromoted ? 'promoted' : 'active'} on ${node}`;
  }
  return isPreferred(facts, id, 'started', node) ? `${node} is preferred` : `${node} may run it`;
}

function whyNowhere({ facts, stacking, placements }: Grounds, id: ResourceId): string {
  const { quorate, definition, usable } = facts;
  const own = definition.get(id);
  if (!quorate) return 'there is no quorum and the policy is to stop';
  if (own?.primitive.targetRole === 'stopped') return 'it is to be stopped';
  const missing = stacking.foundations(id).find((foundation) => placements(foundation).nodes.length === 0);
  const unpromoted = (facts.colocations.get(id) ?? []).find(
    ({ withRole, with: peer }) => withRole === 'promoted' && placements(peer).promoted === undefined,
  )?.with;
  const absent = missing ?? unpromoted;
  if (absent !== undefined) return `${absent} is not active with it`;
  const wornOut = own === undefined ? [] : usable.filter((node) => isWornOut(facts, own, node));
  return wornOut.length > 0 ? `it failed too often on ${wornOut.join(', ')}` : 'no node may run it';
}

function whyPromoted(facts: Facts, id: ResourceId, node: NodeName): string {
  const { usable, seen } = facts;
  const present = usable.find((other) => other !== node && seen(id, other).state === 'promoted');
  if (present === undefined)
    return `${node} is fit for it${isPreferred(facts, id, 'promoted', node) ? ' and is preferred' : ''}`;
  return seen(id, present).promotionScore === undefined
    ? `${present} is not fit any more and ${node} is`
    : `${node} is fitter than ${present}, or something that needs ${id} cannot run on ${present}`;
}

function whyDemoted(grounds: Grounds, id: ResourceId, node: NodeName): string {
  const { facts, placements } = grounds;
  const { usable, seen } = facts;
  const { promoted } = placements(id);
  const twice = usable.filter((other) => seen(id, other).state === 'promoted');
  if (twice.length > 1)
    return `it IS PROMOTED TWICE, on ${twice.join(' and ')}; only ${promoted ?? 'none'} stays promoted`;
  if (promoted === undefined)
    return placements(id).nodes.length === 0 ? whyNowhere(grounds, id) : 'no instance may be promoted';
  return promoted === node ? 'it is started anew' : whyPromoted(facts, id, promoted);
}

const isPreferred = (facts: Facts, id: ResourceId, role: 'started' | 'promoted', node: NodeName): boolean =>
  (facts.locations.get(id) ?? []).some(
    (location) => location.role === role && location.node === node && location.score > 0,
  );

const isUp = (state: string): boolean => state === 'running' || state === 'promoted';
