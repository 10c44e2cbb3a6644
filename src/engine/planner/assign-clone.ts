import { INFINITY, type Blocked, type NodeName } from '../../model/index.ts';
import type { Placement } from './placement.ts';
import {
  doubtful,
  failedTooOften,
  mayBePromotedElsewhere,
  nothingFit,
  notLookedAt,
  promotedTwice,
} from './hindrances.ts';
import { isWornOut, locationScore, type Scored } from './score.ts';
import type { Definition, Unpacked } from './unpack.ts';

/** An instance on every usable node that may have one, and at most one of them promoted (S1). */
export function assignClone(unpacked: Unpacked, scored: Scored, definition: Definition): Placement {
  const { id } = definition;
  const { usable, seen } = unpacked;
  const nodes = usable.filter((node) => scored.started(id, node) > -INFINITY);
  const wornOut = usable.filter((node) => isWornOut(definition, seen(id, node)));
  const choice = definition.mayPromote
    ? choosePromoted(unpacked, scored, id)
    : { promoted: undefined, because: 'none of its instances may be promoted', blocked: [] };
  return {
    nodes,
    promoted: choice.promoted,
    mayStart: true,
    because: choice.because,
    blocked: [...wornOut.map((node) => failedTooOften(id, node, seen(id, node).failures)), ...choice.blocked],
  };
}

/** Below this, data are fit only where no other node is there to have newer ones (DRBD: Consistent, not UpToDate). */
const CERTAIN_FITNESS = 1000;

interface Choice {
  readonly promoted: NodeName | undefined;
  readonly because: string;
  readonly blocked: readonly Blocked[];
}

function choosePromoted(unpacked: Unpacked, scored: Scored, id: string): Choice {
  const { usable, untouchable, seen } = unpacked;
  const ranking = rank(unpacked, scored, id);
  const [best] = ranking;
  const present = ranking.find(({ node }) => seen(id, node).state === 'promoted');
  const twice = untouchable.filter((node) => seen(id, node).state === 'promoted');
  if (best === undefined) {
    const isPending = usable.some((node) => ['unknown', 'stopped', 'failed'].includes(seen(id, node).state));
    const isToBeMade = unpacked.deeds.some(
      ({ resource, operation }) => resource.id === id && operation === 'create',
    );
    return {
      promoted: undefined,
      because: 'no instance may be promoted',
      blocked: [
        ...unlooked(unpacked, id),
        ...(isPending || isToBeMade || usable.length === 0 ? [] : [nothingFit(id, usable)]),
      ],
    };
  }
  if (best === present)
    return {
      promoted: best.node,
      because: `${best.node} is promoted already`,
      blocked: twice.map((node) => promotedTwice(id, best.node, node)),
    };
  const others = [...usable, ...untouchable].filter((node) => node !== best.node);
  const isDoubtful = (seen(id, best.node).promotionScore ?? 0) < CERTAIN_FITNESS;
  if (isDoubtful && others.length > 0)
    return {
      promoted: present?.node,
      because: 'its data may be older than those of another instance',
      blocked: [doubtful(id, best.node, others)],
    };
  const unseen = unlooked(unpacked, id);
  const mayBe = untouchable.filter((node) => !['stopped', 'running'].includes(seen(id, node).state));
  const mustWait = usable.some((node) => seen(id, node).state === 'unknown') || mayBe.length > 0;
  const because = reasonFor(unpacked, id, best, present);
  if (!mustWait) return { promoted: best.node, because, blocked: [] };
  return {
    promoted: present?.node,
    because,
    blocked: [...unseen, ...mayBe.map((node) => mayBePromotedElsewhere(unpacked, id, node))],
  };
}

interface Candidate {
  readonly node: NodeName;
  readonly isFit: boolean;
  readonly isHindered: boolean;
  readonly score: number;
}

/**
 * Best first. What is promoted already stays a candidate though it is not fit any more, as long as nobody is fitter;
 * and where a follower cannot run anywhere, its wish counts nowhere.
 */
function rank(unpacked: Unpacked, scored: Scored, id: string): readonly Candidate[] {
  return unpacked.usable
    .flatMap((node): Candidate[] => {
      const score = scored.promoted(id, node);
      const isHindered = scored.hinders(id, node);
      if (score !== undefined) return [{ node, isFit: true, isHindered, score }];
      const mayStay =
        unpacked.seen(id, node).state === 'promoted' &&
        locationScore(unpacked, id, 'promoted', node) > -INFINITY;
      return mayStay ? [{ node, isFit: false, isHindered, score: 0 }] : [];
    })
    .sort(
      (a, b) =>
        Number(a.isHindered) - Number(b.isHindered) ||
        Number(b.isFit) - Number(a.isFit) ||
        b.score - a.score ||
        (a.node < b.node ? -1 : 1),
    );
}

function reasonFor(unpacked: Unpacked, id: string, best: Candidate, present: Candidate | undefined): string {
  if (present === undefined) {
    const preferred = locationScore(unpacked, id, 'promoted', best.node) > 0 ? ' and is preferred' : '';
    return `${best.node} is fit for it${preferred}`;
  }
  if (present.isHindered) return `something that needs ${id} failed too often on ${present.node}`;
  return present.isFit
    ? `${best.node} is fitter than ${present.node}`
    : `${present.node} is not fit any more and ${best.node} is`;
}

const unlooked = ({ usable, seen }: Unpacked, id: string): readonly Blocked[] =>
  usable
    .filter((node) => seen(id, node).state === 'unknown')
    .flatMap((node) => notLookedAt(id, node, seen(id, node).failures));
