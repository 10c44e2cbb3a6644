import type { Colocation } from '../score/scored.ts';
import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import { addChainScores, chainPlace, knownPlace, type Chain } from './chain.ts';
import { draftOf, type AssignDraft } from './draft.ts';
import { hasInfluence } from './influence.ts';
import { addMatchingScores, UNUSABLE } from './matching.ts';
import { isAnyAvailable } from './nodes.ts';
import { INFINITY } from '../score/arithmetic.ts';

/** Which scores count. */
export interface Selection {
  /** What would leave no node is passed over. */
  readonly isActive: boolean;
  /** Nothing becomes negative by it. */
  readonly isNonnegative: boolean;
  /** Go on to what a resource follows, not to what follows it. */
  readonly isThisWith: boolean;
}

/** One resource whose scores, and those of all that follow it, are being added to `target`. */
interface Frame {
  readonly resource: Resource;
  readonly target: Map<Node, number>;
  readonly work: Map<Node, number>;
  readonly attribute: string;
  readonly factor: number;
  readonly selection: Selection;
  /** What is still to be followed; undefined: the first member of the group comes before. */
  colocations: readonly Colocation[] | undefined;
  next: number;
  /** The chain it is part of, if it is being counted as one of it. */
  readonly singlyIn: Chain | undefined;
  /** Chains that were counted in one go and now wait for this one, their tail. */
  readonly waiting: Chain[];
}

/**
 * Adds to `scores` what a resource thinks of the nodes, times `factor`, and then what all think that follow it directly
 * or indirectly. A circle is broken where it closes. (Pacemaker 2.1.5, colocated node scores.)
 */
export function addColocatedScores(
  draft: AssignDraft,
  resource: Resource,
  scores: Map<Node, number>,
  attribute: string | undefined,
  factor: number,
  selection: Selection,
): void {
  // Whoever is asked on the way may ask for these very scores: he must see them as they were.
  const work = new Map(scores);
  const stack: Frame[] = [];
  enter(draft, stack, resource, work, attribute ?? '#uname', factor, selection);
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) advance(draft, stack, frame);
  for (const [node, score] of work) scores.set(node, score);
}

function enter(
  draft: AssignDraft,
  stack: Frame[],
  resource: Resource,
  target: Map<Node, number>,
  attribute: string,
  factor: number,
  selection: Selection,
): void {
  const own = draftOf(draft, resource);
  if (own.isMerging) return;
  const [firstMember] = resource.kind === 'group' ? own.children : [];
  if (resource.kind === 'group' && firstMember === undefined) return;

  const isPlain =
    factor === 1 &&
    attribute === '#uname' &&
    selection.isActive &&
    !selection.isNonnegative &&
    !selection.isThisWith;
  const place = isPlain && resource.kind === 'primitive' ? chainPlace(draft, resource) : knownPlace(own);
  if (place !== undefined) {
    const { chain, position } = place;
    if (position >= chain.mergingFrom) return;
    const outcome = isPlain ? addChainScores(draft, place, target) : 'refused';
    if (outcome !== 'refused') {
      if (outcome === 'whole' && chain.tail !== undefined) {
        chain.mergingFrom = position;
        const depth = stack.length;
        enter(draft, stack, chain.tail, target, attribute, factor, selection);
        const tail = stack[depth];
        if (tail === undefined) chain.mergingFrom = Infinity;
        else tail.waiting.push(chain);
      }
      return;
    }
    chain.mergingSingly.push(Math.max(chain.mergingSingly.at(-1) ?? -1, position));
  }

  own.isMerging = true;
  const frame: Frame = {
    resource,
    target,
    work: new Map(target),
    attribute,
    factor,
    selection,
    colocations: undefined,
    next: 0,
    singlyIn: place?.chain,
    waiting: [],
  };
  stack.push(frame);
  if (firstMember === undefined) {
    addMatchingScores(frame.work, own.scores, attribute, factor, selection.isNonnegative);
  } else {
    enter(draft, stack, firstMember, frame.work, attribute, factor, selection);
  }
}

function advance(draft: AssignDraft, stack: Frame[], frame: Frame): void {
  if (frame.colocations === undefined) {
    const isAnyLeft = isAnyAvailable(frame.work);
    if (!isAnyLeft && frame.selection.isActive) {
      leave(draft, stack, frame);
      return;
    }
    frame.colocations = isAnyLeft ? colocationsToFollow(draft, frame) : [];
  }

  const colocation = frame.colocations[frame.next];
  if (colocation === undefined) {
    commit(frame);
    leave(draft, stack, frame);
    return;
  }
  frame.next += 1;
  const { isThisWith } = frame.selection;
  if (!isThisWith && !hasInfluence(colocation, undefined)) return;
  const sign = frame.factor < 0 ? -1 : 1;
  enter(
    draft,
    stack,
    isThisWith ? colocation.primary : colocation.dependent,
    frame.work,
    colocation.nodeAttribute,
    Math.fround((sign * colocation.score) / INFINITY),
    { ...frame.selection, isActive: true },
  );
}

/** What follows a group follows its last member. */
function colocationsToFollow(draft: AssignDraft, frame: Frame): readonly Colocation[] {
  const own = draftOf(draft, frame.resource);
  if (frame.selection.isThisWith) return own.thisWith;
  const last = frame.resource.kind === 'group' ? own.children.at(-1) : undefined;
  return last === undefined ? own.withThis : draftOf(draft, last).withThis;
}

function commit({ work, target, selection }: Frame): void {
  for (const [node, score] of work) {
    target.set(node, selection.isNonnegative && score === UNUSABLE ? 1 : score);
  }
}

function leave(draft: AssignDraft, stack: Frame[], frame: Frame): void {
  stack.pop();
  draftOf(draft, frame.resource).isMerging = false;
  for (const chain of frame.waiting) chain.mergingFrom = Infinity;
  frame.singlyIn?.mergingSingly.pop();
}
