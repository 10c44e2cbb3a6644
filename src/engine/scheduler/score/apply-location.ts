import type { Node } from '../unpack/node.ts';
import { ROLE, type Resource } from '../unpack/resource.ts';
import { addScores, INFINITY } from './arithmetic.ts';
import { contribute, tableOf, type ScoreDraft } from './draft.ts';
import type { Discovery, LocationConstraint, NodeScores } from './scored.ts';

/** Adds all locations to the tables, the last one first. */
export function applyLocations(draft: ScoreDraft): void {
  for (const location of draft.locations.toReversed()) {
    if (location.scores.size === 0) continue;
    const zeros = new Map([...location.scores.keys()].map((node) => [node, 0]));
    applyTo(draft, location.resource, location, location.scores, zeros);
  }
}

/**
 * A clone's constraint is its instances' too, a group's is its members'. Of a group that stays together only the first
 * member gets the score: the others count theirs in through it, and would count it several times.
 */
function applyTo(
  draft: ScoreDraft,
  resource: Resource,
  location: LocationConstraint,
  scores: NodeScores,
  zeros: NodeScores,
): void {
  applyToTable(draft, resource, location, scores);
  let own = scores;
  for (const child of resource.children) {
    applyTo(draft, child, location, own, zeros);
    if (resource.group?.isColocated === true) own = zeros;
  }
}

function applyToTable(
  draft: ScoreDraft,
  resource: Resource,
  location: LocationConstraint,
  scores: NodeScores,
): void {
  if (location.role !== ROLE.unknown && location.role !== resource.nextRole) return;
  const table = tableOf(draft, resource);
  for (const [node, score] of scores) {
    const known = table.get(node);
    noteContradiction(draft, resource, location, node, known, score);
    table.set(node, known === undefined ? score : addScores(known, score));
    contribute(draft, resource, { kind: location.kind, source: location.id, node, score });
    noteDiscovery(draft, resource, node, location.discovery);
  }
}

function noteContradiction(
  draft: ScoreDraft,
  resource: Resource,
  location: LocationConstraint,
  node: Node,
  known: number | undefined,
  score: number,
): void {
  if (resource !== location.resource || known === undefined) return;
  if (!((known >= INFINITY && score <= -INFINITY) || (known <= -INFINITY && score >= INFINITY))) return;
  const isAbsolute = draft.contributions
    .get(resource.index)
    ?.some((reason) => reason.kind === 'location' && reason.node === node && reason.score === -score);
  if (isAbsolute !== true) return;
  draft.findings.push({
    code: 'contradictory_scores',
    place: `constraint '${location.id}'`,
    message: `'${resource.id}' must run and must not run on '${node.name}'; it may not`,
  });
}

const STRENGTH: Readonly<Record<Discovery, number>> = { always: 0, never: 1, exclusive: 2 };

function noteDiscovery(
  draft: ScoreDraft,
  resource: Resource,
  node: Node,
  discovery: Discovery | undefined,
): void {
  if (discovery === undefined || discovery === 'always') return;
  let modes = draft.discovery.get(resource.index);
  if (modes === undefined) {
    modes = new Map();
    draft.discovery.set(resource.index, modes);
  }
  if (STRENGTH[modes.get(node) ?? 'always'] >= STRENGTH[discovery]) return;
  if (discovery === 'exclusive') draft.exclusiveDiscovery.add(resource.index);
  modes.set(node, discovery);
}
