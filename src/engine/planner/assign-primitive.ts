import { INFINITY, type Blocked, type Colocation, type NodeName, type Order } from '../../model/index.ts';
import { nowhere, type Placement } from './placement.ts';
import { failedTooOften, mayRunElsewhere, notLookedAt, runsTwice } from './hindrances.ts';
import { add, isWornOut, locationScore, type Scored } from './score.ts';
import type { Definition, Unpacked } from './unpack.ts';

type Placements = ReadonlyMap<string, Placement>;

/** One node at most: where its peers are, nothing forbids it, and the score is best; ties by name. */
export function assignPrimitive(
  unpacked: Unpacked,
  scored: Scored,
  placements: Placements,
  definition: Definition,
): Placement {
  const { id } = definition;
  const constraints = unpacked.colocations.get(id) ?? [];
  const orders = (unpacked.orders.get(id) ?? []).filter(({ kind }) => kind === 'mandatory');
  const mayBe = (node: NodeName): boolean =>
    constraints.every((constraint) => allows(unpacked, placements, constraint, node)) &&
    orders.every((order) => isMet(unpacked, placements, order, node));
  const withPeers = unpacked.usable.filter(mayBe);
  if (withPeers.length === 0) {
    const missing = missingPeer(placements, constraints, orders);
    return nowhere(missing === undefined ? 'no node may run it' : `${missing} is not active with it`);
  }
  const [best] = withPeers
    .map((node) => ({ node, score: scoreWithPeers(placements, constraints, node, scored.started(id, node)) }))
    .filter(({ score }) => score > -INFINITY)
    .sort((a, b) => b.score - a.score || (a.node < b.node ? -1 : 1));
  if (best === undefined) {
    const wornOut = withPeers.filter((node) => isWornOut(definition, unpacked.seen(id, node)));
    return nowhere(
      wornOut.length > 0 ? `it failed too often on ${wornOut.join(', ')}` : 'its constraints forbid it',
      wornOut.map((node) => failedTooOften(id, node, unpacked.seen(id, node).failures)),
    );
  }
  const hindrance = hindranceToStart(unpacked, id, best.node);
  return {
    nodes: [best.node],
    promoted: undefined,
    mayStart: hindrance.mayStart,
    because: reasonFor(unpacked, id, constraints, best.node),
    blocked: hindrance.blocked,
  };
}

/** Nothing is started where it may be running already: on a node that was not looked at, or that nobody may touch. */
function hindranceToStart(
  unpacked: Unpacked,
  id: string,
  node: NodeName,
): { readonly mayStart: boolean; readonly blocked: readonly Blocked[] } {
  const { usable, untouchable, seen } = unpacked;
  const unseen = usable.filter((other) => seen(id, other).state === 'unknown');
  const held = untouchable.filter((other) => seen(id, other).state !== 'stopped');
  const runsWell = seen(id, node).state === 'running';
  const twice = untouchable.filter((other) => seen(id, other).state === 'running');
  return {
    mayStart: unseen.length === 0 && held.length === 0,
    blocked: runsWell
      ? twice.map((other) => runsTwice(id, node, other))
      : [
          ...unseen.flatMap((other) => notLookedAt(id, other, seen(id, other).failures)),
          ...held.map((other) => mayRunElsewhere(unpacked, id, other)),
        ],
  };
}

function allows(
  unpacked: Unpacked,
  placements: Placements,
  { resource, with: peer, withRole, score }: Colocation,
  node: NodeName,
): boolean {
  if (score > -INFINITY && score < INFINITY) return true;
  const isWithPeer = isPlacedAt(placements, peer, withRole, node);
  if (score <= -INFINITY) return !isWithPeer;
  return isWithPeer || isLeftAlone(unpacked, resource, peer, node);
}

function isMet(unpacked: Unpacked, placements: Placements, order: Order, node: NodeName): boolean {
  const placement = placements.get(order.first);
  if (placement === undefined) return true;
  const isUp =
    order.firstAction === 'promote' ? placement.promoted !== undefined : placement.nodes.length > 0;
  return isUp || isLeftAlone(unpacked, order.then, order.first, node);
}

/** What runs is not stopped merely because nobody has looked at its peer yet. */
const isLeftAlone = (unpacked: Unpacked, resource: string, peer: string, node: NodeName): boolean =>
  unpacked.seen(peer, node).state === 'unknown' && unpacked.seen(resource, node).state === 'running';

const isPlacedAt = (
  placements: Placements,
  resource: string,
  role: 'started' | 'promoted',
  node: NodeName,
): boolean => {
  const placement = placements.get(resource);
  return role === 'promoted' ? placement?.promoted === node : placement?.nodes.includes(node) === true;
};

const missingPeer = (
  placements: Placements,
  constraints: readonly Colocation[],
  orders: readonly Order[],
): string | undefined =>
  constraints.find((constraint) => {
    const peer = placements.get(constraint.with);
    const isActive =
      constraint.withRole === 'promoted' ? peer?.promoted !== undefined : (peer?.nodes.length ?? 0) > 0;
    return constraint.score >= INFINITY && !isActive;
  })?.with ?? orders.find(({ first }) => placements.get(first)?.nodes.length === 0)?.first;

const scoreWithPeers = (
  placements: Placements,
  constraints: readonly Colocation[],
  node: NodeName,
  own: number,
): number =>
  constraints
    .filter(({ score }) => score > -INFINITY && score < INFINITY)
    .filter((constraint) => isPlacedAt(placements, constraint.with, constraint.withRole, node))
    .reduce((sum, { score }) => add(sum, score), own);

function reasonFor(
  unpacked: Unpacked,
  id: string,
  constraints: readonly Colocation[],
  node: NodeName,
): string {
  const peer = constraints.find(({ score }) => score >= INFINITY);
  if (peer !== undefined)
    return `${peer.with} is ${peer.withRole === 'promoted' ? 'promoted' : 'active'} on ${node}`;
  return locationScore(unpacked, id, 'started', node) > 0 ? `${node} is preferred` : `${node} may run it`;
}
