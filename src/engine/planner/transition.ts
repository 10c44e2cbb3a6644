import type { ActionId, Blocked, Transition } from '../../model/index.ts';
import type { Assigned } from './assign.ts';
import { fencingFirst, orphan, withoutQuorum } from './hindrances.ts';
import type { Ordered } from './order.ts';
import type { Unpacked } from './unpack.ts';

/** The last phase: the graph in plain words, and everything that has to wait. */
export function finish(unpacked: Unpacked, assigned: Assigned, ordered: Ordered): Transition {
  const after: Record<ActionId, readonly ActionId[]> = {};
  for (const { id } of ordered.actions) after[id] = [...(ordered.after.get(id) ?? [])].sort();
  return {
    actions: ordered.actions.map((action) => ({ ...action, reason: asSentence(action.reason) })),
    after,
    blocked: [
      ...(unpacked.quorate ? [] : [withoutQuorum(unpacked.input.config.properties.quorumPolicy)]),
      ...(unpacked.mayFence
        ? [...unpacked.condemned.keys()].map((node) => fencingFirst(unpacked, node))
        : []),
      ...unpacked.definitions.flatMap(({ id }) => assigned.placements.get(id)?.blocked ?? []),
      ...ordered.blocked,
      ...orphans(unpacked),
    ],
  };
}

/** Not capitalised: it often begins with a name. */
const asSentence = (clause: string): string => (clause.endsWith('.') ? clause : `${clause}.`);

function orphans({ usable, input, definition, seen }: Unpacked): readonly Blocked[] {
  return usable.flatMap((node) =>
    Object.keys(input.status.nodes[node]?.instances ?? {})
      .filter((id) => !definition.has(id) && ['running', 'promoted', 'failed'].includes(seen(id, node).state))
      .sort()
      .map((id) => orphan(id, node)),
  );
}
