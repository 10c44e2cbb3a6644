import type { ResourceId } from '../../model/index.ts';
import type { Facts } from './facts.ts';
import { leftAlone, lookedAtFirst, type Places } from './left-alone.ts';
import type { Placements } from './placement.ts';
import { isInMaintenance } from './policy.ts';
import { onWhatIsLeft, propped } from './propped.ts';
import type { Stacking } from './stacking.ts';
import { isClaim, isDown, isUp, place, type Step } from './step.ts';
import { isWornOut, reloadsInVain } from './worn-out.ts';

/**
 * Rules of the appliance that Pacemaker does not know. They only ever take steps away, each with all that would make
 * no sense without it; what is left is tried again with the next plan.
 *
 * - What is unknown is looked at first, alone: an answer may change the plan. Nothing is started that may be running
 *   where nobody has looked, nothing taken down from under it, nothing stopped because its foundation is unknown.
 * - Nodes whose engine is gone, or that are joining, keep what they may be running; what prefers to come after that
 *   waits with it until they answer or are fenced.
 * - What is not managed, or in maintenance, is left alone, and so is what it stands on.
 * - What could not be reloaded too often goes on as it is.
 * - An instance that goes for good is there until another one has been promoted in its place.
 * - Without quorum nothing is started or promoted; frozen, everything stays as it is.
 */
export function heldBack(
  facts: Facts,
  stacking: Stacking,
  placements: Placements,
  steps: readonly Step[],
): ReadonlySet<Step> {
  const held = new Set<Step>();
  const open: Step[] = [];
  const hold = (step: Step): void => {
    if (held.has(step)) return;
    held.add(step);
    open.push(step);
  };
  const byResource = Map.groupBy(steps, ({ resource }) => resource);
  const of = (resource: ResourceId): readonly Step[] => byResource.get(resource) ?? [];
  const alone = leftAlone(facts, stacking, placements, steps);
  const waiting = lookedAtFirst(facts, stacking);
  const below = propped(facts, stacking);
  const above = onWhatIsLeft(facts, stacking);
  const isSettled = ({ resource, node }: Step): boolean =>
    [alone, waiting, below].every((places) => !places.has(place(resource, node)));

  for (const step of steps)
    if (
      mustNot(facts, step) ||
      comesTooEarly(facts, step) ||
      (isDown(step) && !isSettled(step)) ||
      isWitness(facts, of, step) ||
      isVainRestart(facts, of, above, step)
    )
      hold(step);
  for (;;) {
    for (let step = open.pop(); step !== undefined; step = open.pop())
      for (const other of entailed(facts, stacking, of, step)) hold(other);
    // What was to make way and does not any more holds up what was to come in its place.
    for (const step of steps)
      if (!held.has(step) && isClaim(facts, step) && isTaken(facts, of, held, step)) hold(step);
    if (open.length === 0) return held;
  }
}

function mustNot(facts: Facts, step: Step): boolean {
  const { usable, quorate, seen, input, definition } = facts;
  const { operation, resource, node } = step;
  const { state, failures, promotionScore } = seen(resource, node);
  if (operation !== 'monitor' && facts.isUnmanaged(resource, node)) return true;
  const isFrozen = !quorate && input.config.properties.quorumPolicy === 'freeze';
  if (!usable.includes(node) || (isFrozen && operation !== 'monitor')) return true;
  switch (operation) {
    case 'monitor':
      // Where looking has failed, that has to be forgotten first.
      return state !== 'unknown' || failures?.operation === 'monitor';
    case 'demote':
    case 'stop':
      return false;
    case 'reload':
      return !quorate || reloadsInVain(facts, resource, node);
    case 'start': {
      const known = definition.get(resource);
      return !quorate || state === 'unknown' || known === undefined || isWornOut(facts, known, node);
    }
    case 'promote':
      return !quorate || state === 'unknown' || promotionScore === undefined;
  }
}

/**
 * An address before a LUN that may be running on a node nobody can ask just now: hosts would be told that their disk is
 * gone, where they can wait for it. In maintenance that node is not waited for.
 */
function comesTooEarly(
  { orders, seen, untouchable, definition, input }: Facts,
  { operation, resource, node }: Step,
): boolean {
  if (operation !== 'start' || seen(resource, node).state === 'running') return false;
  const awaited = untouchable.filter((other) => other !== node && !isInMaintenance(input.config, other));
  return (orders.get(resource) ?? []).some(
    ({ kind, first }) =>
      kind === 'optional' &&
      definition.get(first)?.primitive.targetRole === 'started' &&
      awaited.some((other) => seen(first, other).state === 'unknown'),
  );
}

/** In use elsewhere, or possibly so, and not about to be taken down there. */
function isTaken(
  { usable, untouchable, seen, definition }: Facts,
  of: (resource: ResourceId) => readonly Step[],
  held: ReadonlySet<Step>,
  { resource, node }: Step,
): boolean {
  const isClone = definition.get(resource)?.kind === 'promotable-clone';
  return [...usable, ...untouchable].some((other) => {
    const { state } = seen(resource, other);
    if (other === node || state === 'stopped' || (isClone && state === 'running')) return false;
    const downs = of(resource).filter((step) => step.node === other && isDown(step));
    const demotions = downs.filter(({ operation }) => operation === 'demote');
    const decisive = isClone && demotions.length > 0 ? demotions : downs;
    return decisive.length === 0 || decisive.some((step) => held.has(step));
  });
}

/** Of what is healthy, only because of something below it that nobody may mend: that would be done again and again. */
function isVainRestart(
  { seen }: Facts,
  of: (resource: ResourceId) => readonly Step[],
  above: Places,
  { operation, resource, node }: Step,
): boolean {
  if ((operation !== 'stop' && operation !== 'demote') || !above.has(place(resource, node))) return false;
  const { state } = seen(resource, node);
  return (
    (state === 'running' || state === 'promoted') &&
    of(resource).some((other) => other.node === node && isUp(other))
  );
}

/**
 * A healthy instance that goes for good, while another one is to be promoted: it stays until that has come about. The
 * new one then knows what has become of its data, and need not have its node fenced for not knowing.
 */
function isWitness(
  { definition, seen }: Facts,
  of: (resource: ResourceId) => readonly Step[],
  { operation, resource, node }: Step,
): boolean {
  if (operation !== 'stop' || definition.get(resource)?.kind !== 'promotable-clone') return false;
  const { state } = seen(resource, node);
  const all = of(resource);
  return (
    (state === 'running' || state === 'promoted') &&
    all.some((other) => other.operation === 'promote' && other.node !== node) &&
    !all.some((other) => other.operation === 'start' && other.node === node)
  );
}

/** What makes no sense without a step that is held back. */
function entailed(
  facts: Facts,
  { foundations, followers }: Stacking,
  of: (resource: ResourceId) => readonly Step[],
  step: Step,
): readonly Step[] {
  const { resource, node } = step;
  const here = of(resource).filter((other) => other.node === node && isUp(other));
  if (isDown(step)) {
    const below = foundations(resource).flatMap(of);
    return [
      ...here,
      ...below.filter((other) => isClaim(facts, other) || (isDown(other) && other.node === node)),
    ];
  }
  if (!isClaim(facts, step)) return here;
  return followers(resource).flatMap(of).filter(isUp);
}
