import { addScores, INFINITY } from '../score/arithmetic.ts';
import type { Colocation } from '../score/scored.ts';
import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import { draftOf, type AssignDraft, type ResourceDraft } from './draft.ts';
import { factorOf, hasInfluence } from './influence.ts';
import { isAvailable } from './nodes.ts';

/**
 * Resources each of which is followed by just one other one, at any cost: the members of a group, above all. Whoever
 * is assigned asks all that follow for their scores; so that a group of n does not take n times n steps, a chain knows
 * for each position what comes out if everybody from there on adds his scores.
 */
export interface Chain {
  readonly items: readonly Resource[];
  /** Follows the last one, but not as simply. */
  readonly tail: Resource | undefined;
  /** What follows is right from this position on. */
  validFrom: number;
  /** By position times number of nodes plus node index: what all from there on add to a node, infinities aside. */
  readonly sum: Float64Array;
  /** The lowest that the sum is on the way. */
  readonly least: Float64Array;
  /** How far it can get from zero. */
  readonly spread: Float64Array;
  /** The position of the next one who forbids the node; the chain's length: nobody does. */
  readonly forbids: Uint32Array;
  /** Likewise of the next one who insists on it. */
  readonly insists: Uint32Array;
  /** All from this position on are being counted in one go. */
  mergingFrom: number;
  /** The highest position that is being counted singly, for each that is. */
  readonly mergingSingly: number[];
}

export interface ChainPlace {
  readonly chain: Chain;
  readonly position: number;
}

/** The resource's place in a chain, if it is in one that is known already. */
export function knownPlace(own: ResourceDraft): ChainPlace | undefined {
  return own.chain === 'none' ? undefined : own.chain;
}

/** The resource's place in a chain; `undefined`: it is in none. */
export function chainPlace(draft: AssignDraft, resource: Resource): ChainPlace | undefined {
  const own = draftOf(draft, resource);
  if (own.chain === undefined) buildChain(draft, resource);
  return knownPlace(own);
}

function buildChain(draft: AssignDraft, first: Resource): void {
  const items: Resource[] = [];
  const seen = new Set<Resource>();
  let tail: Resource | undefined = first;
  while (tail?.kind === 'primitive' && !seen.has(tail)) {
    const own = draftOf(draft, tail);
    // The beginning of another chain is taken over; in the midst of it there are others that lead to it.
    if (own.chain === 'none' || own.isMerging) break;
    if (own.chain !== undefined) {
      if (own.chain.position > 0 || isBusy(own.chain.chain)) break;
      for (const item of own.chain.chain.items) {
        items.push(item);
        seen.add(item);
      }
      tail = own.chain.chain.tail;
      continue;
    }
    const followers: readonly Colocation[] = own.withThis.filter((colocation) =>
      hasInfluence(colocation, undefined),
    );
    const follower: Colocation | undefined = followers[0];
    if (followers.length > 1 || (follower !== undefined && !isSimple(follower))) break;
    items.push(tail);
    seen.add(tail);
    tail = follower?.dependent;
  }
  if (items.length === 0) draftOf(draft, first).chain = 'none';
  else link(draft, items, tail);
}

function link(draft: AssignDraft, items: readonly Resource[], tail: Resource | undefined): void {
  const size = items.length * draft.nodes.length;
  const chain: Chain = {
    items,
    tail,
    validFrom: items.length,
    sum: new Float64Array(size),
    least: new Float64Array(size),
    spread: new Float64Array(size),
    forbids: new Uint32Array(size),
    insists: new Uint32Array(size),
    mergingFrom: Infinity,
    mergingSingly: [],
  };
  for (const [position, item] of items.entries()) join(draftOf(draft, item), { chain, position });
}

function isBusy(chain: Chain): boolean {
  return chain.mergingFrom !== Infinity || chain.mergingSingly.length > 0;
}

function isSimple(colocation: Colocation): boolean {
  return factorOf(colocation) === 1 && colocation.nodeAttribute === '#uname';
}

function join(own: ResourceDraft, place: ChainPlace): void {
  own.chain = place;
  own.scores.onChange = () => {
    place.chain.validFrom = Math.max(place.chain.validFrom, place.position + 1);
  };
}

/** To be called before somebody else follows the resource. */
export function breakChain(draft: AssignDraft, own: ResourceDraft): void {
  const { chain: place } = own;
  own.chain = undefined;
  if (place === undefined || place === 'none') return;
  for (const item of place.chain.items) {
    const other = draftOf(draft, item);
    other.chain = undefined;
    other.scores.onChange = undefined;
  }
}

/**
 * Adds the scores of all from a position on to the end of the chain, if it can be told that nobody on the way would
 * leave no node at all; or up to the one who forbids the last node, and is passed over for that with all behind him.
 * `refused`: nothing was done, they must be asked one by one; `whole`: the tail is next; `cut`: it is not.
 */
export function addChainScores(
  draft: AssignDraft,
  { chain, position }: ChainPlace,
  scores: Map<Node, number>,
): 'refused' | 'whole' | 'cut' {
  if ((chain.mergingSingly.at(-1) ?? -1) >= position || chain.mergingFrom !== Infinity) return 'refused';
  sumUp(draft, chain, position);
  const row = position * draft.nodes.length;
  const end = endOf(chain, row, scores);
  if (end === position || !isSafe(chain, row, end, scores)) return 'refused';

  const endRow = end * draft.nodes.length;
  for (const [node, score] of scores) {
    const at = row + node.index;
    if ((chain.forbids[at] ?? 0) < end) scores.set(node, -INFINITY);
    else if ((chain.insists[at] ?? 0) < end) scores.set(node, addScores(score, INFINITY));
    else {
      const sum = (chain.sum[at] ?? 0) - (chain.sum[endRow + node.index] ?? 0);
      scores.set(node, addScores(score, sum));
    }
  }
  return end < chain.items.length ? 'cut' : 'whole';
}

/** The position of the one who forbids the last node that is left; the chain's length where there is none. */
function endOf(chain: Chain, row: number, scores: ReadonlyMap<Node, number>): number {
  let end = -1;
  for (const [node, score] of scores) {
    if (score > -INFINITY && isAvailable(node)) end = Math.max(end, chain.forbids[row + node.index] ?? 0);
  }
  return end < 0 ? chain.items.length : end;
}

/** Whether there is a node that can be had all the way to `end`, and no sum can reach infinity by and by. */
function isSafe(chain: Chain, row: number, end: number, scores: ReadonlyMap<Node, number>): boolean {
  let isAnySafe = false;
  for (const [node, score] of scores) {
    const at = row + node.index;
    if (score <= -INFINITY || (chain.forbids[at] ?? 0) < end) continue;
    if (score < INFINITY && Math.abs(score) + (chain.spread[at] ?? 0) >= INFINITY) return false;
    isAnySafe ||= isAvailable(node) && (score >= INFINITY || score + (chain.least[at] ?? 0) >= 0);
  }
  return isAnySafe;
}

/** Works out what has become wrong, from the end towards `position`. */
function sumUp(draft: AssignDraft, chain: Chain, position: number): void {
  for (let at = chain.validFrom - 1; at >= position; at -= 1) {
    const item = chain.items[at];
    if (item !== undefined) sumUpAt(draft, chain, at, draftOf(draft, item));
  }
  chain.validFrom = Math.min(chain.validFrom, position);
}

function sumUpAt(draft: AssignDraft, chain: Chain, position: number, own: ResourceDraft): void {
  const width = draft.nodes.length;
  const isLast = position === chain.items.length - 1;
  for (const [index, { node }] of draft.nodes.entries()) {
    const here = position * width + index;
    const next = here + width;
    const score = isAvailable(node) ? (own.scores.get(node) ?? -INFINITY) : -INFINITY;
    const finite = Math.abs(score) < INFINITY ? score : 0;
    chain.sum[here] = finite + (isLast ? 0 : (chain.sum[next] ?? 0));
    chain.least[here] = Math.min(finite, finite + (isLast ? 0 : (chain.least[next] ?? 0)));
    chain.spread[here] = Math.abs(finite) + (isLast ? 0 : (chain.spread[next] ?? 0));
    const nobody = chain.items.length;
    chain.forbids[here] = score <= -INFINITY ? position : isLast ? nobody : (chain.forbids[next] ?? nobody);
    chain.insists[here] = score >= INFINITY ? position : isLast ? nobody : (chain.insists[next] ?? nobody);
  }
}
