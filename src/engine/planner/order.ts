import type { Action, ActionId, Blocked, NodeName, Order, ResourceId } from '../../model/index.ts';
import { actionId, operationAction } from './action.ts';
import type { Assigned } from './assign.ts';
import { changes, type Change, type Changes } from './change.ts';
import { orderDeeds } from './deeds.ts';
import type { Unpacked } from './unpack.ts';

/** The fourth phase: the steps, and what each of them waits for. */
export interface Ordered {
  readonly actions: readonly Action[];
  readonly after: ReadonlyMap<ActionId, ReadonlySet<ActionId>>;
  readonly blocked: readonly Blocked[];
}

const SEQUENCE = ['monitor', 'demote', 'stop', 'start', 'promote'] as const;

export function order(unpacked: Unpacked, assigned: Assigned): Ordered {
  const planned = changes(unpacked, assigned);
  const fences: readonly Action[] = unpacked.mayFence
    ? [...unpacked.condemned].map(([node, reason]) => ({ kind: 'fence', id: `fence ${node}`, node, reason }))
    : [];
  const deeds = orderDeeds(unpacked, planned);
  const operations = unpacked.definitions.flatMap(({ id, primitive }) =>
    [...(planned.get(id) ?? [])].flatMap(([node, change]) =>
      SEQUENCE.flatMap((operation): Action[] => {
        const reason = change[operation];
        return reason === undefined ? [] : [operationAction(primitive, operation, node, reason, undefined)];
      }),
    ),
  );
  const edges = new Edges();
  for (const action of [...operations, ...deeds.actions])
    if (waitsForFencing(unpacked, action)) for (const fence of fences) edges.add(fence.id, action.id);
  for (const { id } of unpacked.definitions) orderWithin(unpacked, id, planned, edges);
  for (const orders of unpacked.orders.values())
    for (const constraint of orders) orderBetween(unpacked, constraint, planned, edges);
  return {
    actions: [...fences, ...operations, ...deeds.actions],
    after: edges.after,
    blocked: deeds.blocked,
  };
}

/** S2. An instance of a clone that is not promoted does no harm beside one on a lost node. */
export function waitsForFencing(unpacked: Pick<Unpacked, 'definition'>, action: Action): boolean {
  if (action.kind === 'fence') return false;
  switch (action.operation) {
    case 'promote':
    case 'create':
    case 'remove':
      return true;
    case 'start':
      return unpacked.definition.get(action.resource)?.kind === 'primitive';
    case 'stop':
    case 'demote':
    case 'monitor':
      return false;
  }
}

class Edges {
  readonly after = new Map<ActionId, Set<ActionId>>();

  add(first: ActionId, then: ActionId): void {
    const known = this.after.get(then);
    if (known === undefined) this.after.set(then, new Set([first]));
    else known.add(first);
  }
}

/** On a node one step after the other; on two nodes down before up: never twice at the same time (S1, S5). */
function orderWithin(unpacked: Unpacked, id: ResourceId, planned: Changes, edges: Edges): void {
  const ofResource = planned.get(id);
  if (ofResource === undefined) return;
  for (const [node, change] of ofResource) {
    const steps = SEQUENCE.filter((operation) => change[operation] !== undefined);
    steps.slice(1).forEach((operation, index) => {
      const before = steps[index];
      if (before !== undefined) edges.add(actionId(before, id, node), actionId(operation, id, node));
    });
  }
  const isClone = unpacked.definition.get(id)?.kind === 'promotable-clone';
  const up: readonly Step[] = isClone ? ['promote'] : ['start'];
  // A promotion also waits for the other instances that start, so that they have met before.
  const before: readonly Step[] = isClone ? ['demote', 'stop', 'start'] : ['stop'];
  for (const then of steps(id, ofResource, up))
    for (const first of steps(id, ofResource, before)) edges.add(first, then);
}

/** Up in the order's direction, down against it. */
function orderBetween(unpacked: Unpacked, constraint: Order, planned: Changes, edges: Edges): void {
  const { first, firstAction, then, thenAction, kind } = constraint;
  const ofFirst = planned.get(first);
  const ofThen = planned.get(then);
  if (ofFirst === undefined || ofThen === undefined) return;
  // What has failed before does not hold up what only prefers to come after it.
  const mayHoldUp = (node: NodeName): boolean =>
    kind === 'mandatory' || unpacked.seen(first, node).failures === undefined;
  const firstUp = steps(first, ofFirst, [firstAction], mayHoldUp);
  const firstDown = steps(first, ofFirst, down(firstAction));
  const thenUp = steps(then, ofThen, [thenAction]);
  const thenDown = steps(then, ofThen, down(thenAction));
  for (const up of thenUp) for (const before of firstUp) edges.add(before, up);
  for (const before of thenDown) {
    for (const below of firstDown) edges.add(before, below);
    if (kind === 'mandatory') for (const up of firstUp) edges.add(before, up);
  }
}

type Step = keyof Change;

const down = (up: Order['firstAction']): readonly Step[] =>
  up === 'promote' ? ['demote', 'stop'] : ['stop'];

const steps = (
  id: ResourceId,
  ofResource: ReadonlyMap<NodeName, Change>,
  operations: readonly Step[],
  where: (node: NodeName) => boolean = () => true,
): readonly ActionId[] =>
  [...ofResource].flatMap(([node, change]) =>
    where(node)
      ? operations
          .filter((operation) => change[operation] !== undefined)
          .map((operation) => actionId(operation, id, node))
      : [],
  );
