import type { Action, Blocked, Deed, DeedName, NodeName, ResourceId } from '../../model/index.ts';
import { operationAction } from './action.ts';
import type { Facts } from './facts.ts';
import { leftAlone } from './hindrances.ts';

const DONE: Readonly<Record<DeedName, string>> = {
  create: 'made',
  grow: 'extended',
  remove: 'removed',
  reconnect: 'connected again',
};

/** Whether the scheduler wants anything to be done with an instance. */
export type IsChanging = (resource: ResourceId, node: NodeName) => boolean;

/** Once, and only where things are now as the deed asks: never on the strength of what this transition plans. */
export function orderDeeds(
  facts: Facts,
  isChanging: IsChanging,
): { readonly actions: readonly Action[]; readonly blocked: readonly Blocked[] } {
  const actions: Action[] = [];
  const blocked: Blocked[] = [];
  if (!facts.quorate) return { actions, blocked };
  for (const deed of facts.deeds) {
    const node = place(facts, isChanging, deed);
    if (node === undefined) continue;
    if ([deed.resource.id, deed.where.resource].some((id) => facts.isUnmanaged(id, node))) {
      blocked.push(leftAlone(facts, deed.resource.id, node));
      continue;
    }
    const { failures } = facts.seen(deed.resource.id, node);
    if (failures !== undefined && failures.count >= deed.resource.migrationThreshold) {
      blocked.push({
        subject: deed.resource.id,
        reason: `${deed.operation} of ${deed.resource.id} on ${node} failed ${failures.count} times: ${failures.failure.message}.`,
        next: `Mend what the message names, then \`keelson cleanup ${deed.resource.id}\`.`,
      });
      continue;
    }
    const wait = hindrance(facts, deed, node);
    if (wait === 'done') continue;
    if (wait !== undefined) {
      blocked.push({ subject: deed.resource.id, ...wait });
      continue;
    }
    const reason = `${deed.where.resource} is ${deed.where.role} on ${node}, and ${deed.resource.id} is to be ${DONE[deed.operation]}`;
    actions.push(operationAction(deed.resource, deed.operation, node, reason, deed.id));
  }
  return { actions, blocked };
}

function place({ usable, seen }: Facts, isChanging: IsChanging, { where }: Deed): NodeName | undefined {
  return usable.find((node) => {
    if (where.node !== undefined && where.node !== node) return false;
    const { state } = seen(where.resource, node);
    const hasRole = state === 'promoted' || (where.role === 'started' && state === 'running');
    return hasRole && !isChanging(where.resource, node);
  });
}

type Hindrance = Pick<Blocked, 'reason' | 'next'> | 'done' | undefined;

/** It looks for its peer, or has it; who is to discard its changes has to say so all the same. */
function isLooking({ input }: Facts, { id, parameters }: Deed['resource'], node: NodeName): boolean {
  const { discard } = (parameters['reconnect'] ?? {}) as { readonly discard?: string };
  const seen = input.status.nodes[node]?.instances[id]?.observation;
  const connection = seen === undefined || seen === 'unknown' ? undefined : seen.facts?.['connection'];
  return discard !== 'yes' && connection !== undefined && connection !== 'StandAlone';
}

/** What has to be known to be stopped on all nodes before; of what is put away nobody has anything. */
const toBeStopped = ({ resource, operation, where }: Deed): ResourceId | undefined =>
  where.stopped ?? (operation === 'remove' && resource.agent !== 'lvm-snapshot' ? resource.id : undefined);

function stillRuns(facts: Facts, deed: Deed, first: ResourceId): Hindrance {
  const { usable, untouchable, condemned, seen } = facts;
  // On a node that is off nothing runs; everywhere else it must have been seen stopped.
  const notStopped = [...usable, ...untouchable, ...condemned.keys()]
    .sort()
    .find((node) => condemned.has(node) || seen(first, node).state !== 'stopped');
  const { id } = deed.resource;
  return notStopped === undefined
    ? undefined
    : {
        reason: `${id} is ${DONE[deed.operation]} as soon as ${id === first ? 'it' : first} is known to be stopped on ${notStopped}.`,
        next: 'Nothing to do: it goes on by itself.',
      };
}

function hindrance(facts: Facts, deed: Deed, node: NodeName): Hindrance {
  const { usable, seen, input } = facts;
  const { resource, operation } = deed;
  const first = toBeStopped(deed);
  if (first !== undefined) return stillRuns(facts, deed, first);
  if (operation === 'reconnect') return isLooking(facts, resource, node) ? 'done' : undefined;
  if (facts.definition.get(resource.id)?.kind !== 'promotable-clone') return undefined;
  const everywhere = Object.keys(input.status.nodes).sort();
  if (everywhere.some((node) => seen(resource.id, node).promotionScore !== undefined)) return 'done';
  const missing = everywhere.find(
    (node) => !usable.includes(node) || seen(resource.id, node).state !== 'running',
  );
  return missing === undefined
    ? undefined
    : {
        reason: `${resource.id} gets its first data when its instances run on all nodes; ${missing} is missing.`,
        next: `Bring ${missing} online.`,
      };
}
