import { INFINITY, type Blocked, type NodeName, type ResourceId } from '../../model/index.ts';
import type { Definition, Facts } from './facts.ts';
import { isCertain, othersThan } from './fitness.ts';
import {
  doubtful,
  failedTooOften,
  fencingFirst,
  keptDown,
  leftAlone,
  mayBePromotedElsewhere,
  mayRunElsewhere,
  nothingFit,
  notLookedAt,
  notReloaded,
  orphan,
  promotedTwice,
  runsTwice,
  withoutQuorum,
} from './hindrances.ts';
import { isWithPeers, type Placements } from './placement.ts';
import { onFailOf } from './policy.ts';
import type { Grounds } from './reasons.ts';
import { isClaim, type Step } from './step.ts';
import { isWornOut, reloadsInVain } from './worn-out.ts';

/** What would be done and may not, the causes only: not everything that stands on them. */
export function blockedOf(
  grounds: Grounds,
  steps: readonly Step[],
  deeds: readonly Blocked[],
): readonly Blocked[] {
  const { facts } = grounds;
  const { quorate, mayFence, condemned, input } = facts;
  return [
    ...(quorate ? [] : [withoutQuorum(input.config.properties.quorumPolicy)]),
    ...(mayFence ? [...condemned.keys()].map((node) => fencingFirst(facts, node)) : []),
    ...(quorate ? resources(grounds, steps) : []),
    ...asked(facts),
    ...deeds,
    ...orphans(facts),
  ];
}

function resources(grounds: Grounds, steps: readonly Step[]): readonly Blocked[] {
  const { facts, placements, stacking } = grounds;
  const claimed = new Set(steps.filter((step) => isClaim(facts, step)).map(({ resource }) => resource));
  const waiting = new Set<ResourceId>();
  const blocked: Blocked[] = [];
  for (const definition of facts.definitions) {
    const { id, kind, primitive } = definition;
    if (primitive.targetRole === 'stopped' || isLeftAlone(facts, id)) continue;
    const isWaiting = !claimed.has(id) && isWanted(facts, placements, definition);
    const isCause = !stacking.foundations(id).some((foundation) => waiting.has(foundation));
    if (isWaiting) waiting.add(id);
    const wornOut = failed(facts, placements, definition);
    blocked.push(...wornOut, ...unreloaded(facts, id));
    if (!isCause) continue;
    if (kind === 'promotable-clone') blocked.push(...promotion(facts, placements, definition, isWaiting));
    else if (wornOut.length === 0) blocked.push(...ofPrimitive(facts, placements, id, isWaiting));
  }
  return blocked;
}

/** Nobody may touch it, anywhere. */
const isLeftAlone = ({ usable, isUnmanaged }: Facts, id: ResourceId): boolean =>
  usable.length > 0 && usable.every((node) => isUnmanaged(id, node));

/** What waits because a person has asked for it. */
function asked(facts: Facts): readonly Blocked[] {
  const { definitions, usable, seen, input } = facts;
  return definitions.flatMap(({ id, primitive }) => {
    const isActive = usable.some((node) => ['running', 'promoted'].includes(seen(id, node).state));
    const [first] = usable;
    const left =
      first !== undefined && !isActive && primitive.targetRole === 'started' && isLeftAlone(facts, id)
        ? [leftAlone(facts, id, first)]
        : [];
    const kept = usable.flatMap((node): readonly Blocked[] => {
      const { failures } = seen(id, node);
      if (failures === undefined || facts.isUnmanaged(id, node)) return [];
      const answer = onFailOf(input.config, id, failures.operation);
      return answer === 'stop' || answer === 'block' || answer === 'standby'
        ? [keptDown(id, node, answer, failures)]
        : [];
    });
    return [...left, ...kept];
  });
}

/** It is not in use where it should be. */
function isWanted({ seen }: Facts, placements: Placements, { id, kind }: Definition): boolean {
  const { nodes, promoted } = placements(id);
  const node = kind === 'primitive' ? nodes[0] : promoted;
  return node !== undefined && seen(id, node).state !== (kind === 'primitive' ? 'running' : 'promoted');
}

/** Where it should be, and is not because it failed there too often. */
function failed(facts: Facts, placements: Placements, definition: Definition): readonly Blocked[] {
  const { id, kind } = definition;
  const [node] = placements(id).nodes;
  const candidates =
    kind === 'promotable-clone'
      ? facts.usable
      : node === undefined
        ? facts.usable.filter((each) => isWithPeers(facts, placements, id, each))
        : [node];
  return candidates
    .filter((each) => isWornOut(facts, definition, each))
    .map((each) => failedTooOften(id, each, facts.seen(id, each).failures));
}

function ofPrimitive(
  facts: Facts,
  placements: Placements,
  id: ResourceId,
  isWaiting: boolean,
): readonly Blocked[] {
  const { untouchable, seen } = facts;
  const [node] = placements(id).nodes;
  if (node === undefined) return [];
  if (isWaiting)
    return [
      ...unlooked(facts, id),
      ...untouchable
        .filter((other) => seen(id, other).state !== 'stopped')
        .map((other) => mayRunElsewhere(facts, id, other)),
    ];
  return untouchable
    .filter((other) => seen(id, node).state === 'running' && seen(id, other).state === 'running')
    .map((other) => runsTwice(id, node, other));
}

function promotion(
  facts: Facts,
  placements: Placements,
  { id, mayPromote }: Definition,
  isWaiting: boolean,
): readonly Blocked[] {
  if (!mayPromote) return [];
  const { usable, untouchable, seen, deeds } = facts;
  const { promoted } = placements(id);
  const isUnfit = promoted === undefined || seen(id, promoted).promotionScore === undefined;
  const uncertain = isUnfit ? usable.find((node) => isUncertain(facts, id, node)) : undefined;
  if (uncertain !== undefined) return [doubtful(id, uncertain, othersThan(facts, id, uncertain))];
  if (promoted === undefined) {
    const mayBecomeFit = usable.some((node) =>
      ['unknown', 'stopped', 'failed'].includes(seen(id, node).state),
    );
    const isToBeMade = deeds.some(({ resource, operation }) => resource.id === id && operation === 'create');
    return [
      ...unlooked(facts, id),
      ...(mayBecomeFit || isToBeMade || usable.length === 0 ? [] : [nothingFit(id, usable)]),
    ];
  }
  if (isWaiting)
    return [
      ...unlooked(facts, id),
      ...untouchable
        .filter((node) => !['stopped', 'running'].includes(seen(id, node).state))
        .map((node) => mayBePromotedElsewhere(facts, id, node)),
    ];
  return untouchable
    .filter((node) => seen(id, promoted).state === 'promoted' && seen(id, node).state === 'promoted')
    .map((node) => promotedTwice(id, promoted, node));
}

/** It could be promoted there, if nobody had newer data. */
function isUncertain(facts: Facts, id: ResourceId, node: NodeName): boolean {
  const { state, promotionScore } = facts.seen(id, node);
  const isBanned = (facts.locations.get(id) ?? []).some(
    (location) => location.node === node && location.score <= -INFINITY,
  );
  return (
    state === 'running' &&
    promotionScore !== undefined &&
    !isCertain(promotionScore) &&
    !isBanned &&
    othersThan(facts, id, node).length > 0
  );
}

const unreloaded = (facts: Facts, id: ResourceId): readonly Blocked[] =>
  facts.usable
    .filter((node) => reloadsInVain(facts, id, node))
    .map((node) => notReloaded(id, node, facts.seen(id, node).failures));

const unlooked = ({ usable, seen }: Facts, id: ResourceId): readonly Blocked[] =>
  usable
    .filter((node) => seen(id, node).state === 'unknown')
    .flatMap((node) => notLookedAt(id, node, seen(id, node).failures));

const orphans = ({ usable, input, definition, seen }: Facts): readonly Blocked[] =>
  usable.flatMap((node) =>
    Object.keys(input.status.nodes[node]?.instances ?? {})
      .filter((id) => !definition.has(id) && ['running', 'promoted', 'failed'].includes(seen(id, node).state))
      .sort()
      .map((id) => orphan(id, node)),
  );
