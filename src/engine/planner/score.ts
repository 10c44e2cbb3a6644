import { INFINITY, type NodeName, type ResourceId } from '../../model/index.ts';
import type { Definition, Seen, Unpacked } from './unpack.ts';

/** Staying where one is beats any preference: nothing fails back by itself. */
export const STICKINESS = 1000;

/** The second phase: what each resource thinks of each usable node. -INFINITY is a ban. */
export interface Scored {
  readonly started: (resource: ResourceId, node: NodeName) => number;
  /** `undefined`: not fit to be promoted there. Without the wishes of those that follow it. */
  readonly promoted: (resource: ResourceId, node: NodeName) => number | undefined;
  /** A resource, or one that it must take with it, cannot run there. */
  readonly hinders: (resource: ResourceId, node: NodeName) => boolean;
}

export function score(unpacked: Unpacked): Scored {
  const { definitions, usable } = unpacked;
  const started = new Map(
    definitions.map((definition) => [
      definition.id,
      new Map(usable.map((node) => [node, scoreStarted(unpacked, definition, node)])),
    ]),
  );
  const startedScore = (resource: ResourceId, node: NodeName): number =>
    started.get(resource)?.get(node) ?? -INFINITY;
  return {
    started: startedScore,
    promoted: (resource, node) => scorePromoted(unpacked, startedScore(resource, node), resource, node),
    hinders: hindrances(unpacked, startedScore),
  };
}

/** Too many failures; what runs well in spite of them is left alone. */
export const isWornOut = ({ primitive }: Definition, { state, failures }: Seen): boolean =>
  state !== 'running' &&
  state !== 'promoted' &&
  failures !== undefined &&
  failures.count >= primitive.migrationThreshold;

function scoreStarted(unpacked: Unpacked, definition: Definition, node: NodeName): number {
  const seen = unpacked.seen(definition.id, node);
  if (isWornOut(definition, seen)) return -INFINITY;
  const preference = locationScore(unpacked, definition.id, 'started', node);
  const isActive = seen.state !== 'stopped' && seen.state !== 'unknown';
  return add(preference, isActive ? STICKINESS : 0);
}

function scorePromoted(
  unpacked: Unpacked,
  started: number,
  resource: ResourceId,
  node: NodeName,
): number | undefined {
  const { state, promotionScore } = unpacked.seen(resource, node);
  if (started <= -INFINITY || promotionScore === undefined) return undefined;
  if (state !== 'running' && state !== 'promoted') return undefined;
  const preference = locationScore(unpacked, resource, 'promoted', node);
  if (preference <= -INFINITY) return undefined;
  return add(add(promotionScore, preference), state === 'promoted' ? STICKINESS : 0);
}

export const locationScore = (
  unpacked: Unpacked,
  resource: ResourceId,
  role: 'started' | 'promoted',
  node: NodeName,
): number =>
  (unpacked.locations.get(resource) ?? [])
    .filter((location) => location.node === node && location.role === role)
    .reduce((sum, location) => add(sum, location.score), 0);

/** Pacemaker's arithmetic: bounded, and -INFINITY beats INFINITY. */
export function add(a: number, b: number): number {
  if (a <= -INFINITY || b <= -INFINITY) return -INFINITY;
  if (a >= INFINITY || b >= INFINITY) return INFINITY;
  return Math.max(-INFINITY, Math.min(INFINITY, a + b));
}

/** Up the chain of mandatory colocations with influence: each resource and node is looked at once. */
function hindrances(unpacked: Unpacked, started: Scored['started']): Scored['hinders'] {
  const known = new Map<string, boolean>();
  // From the last follower down, so that every answer is known when it is asked for.
  for (const { id } of [...unpacked.definitions].reverse()) {
    for (const node of unpacked.usable) {
      const isHindered = (unpacked.followers.get(id) ?? []).some(
        ({ resource, influence, score: weight }) =>
          influence &&
          weight >= INFINITY &&
          unpacked.definition.get(resource)?.primitive.targetRole === 'started' &&
          (started(resource, node) <= -INFINITY || known.get(`${resource} ${node}`) === true),
      );
      known.set(`${id} ${node}`, isHindered);
    }
  }
  return (resource, node) => known.get(`${resource} ${node}`) === true;
}
