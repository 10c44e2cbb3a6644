import { roleNames } from '../scheduler/graph/summary.ts';
import type { Transition } from '../scheduler/graph/transition.ts';
import type { Assigned, Assignment } from '../scheduler/assign/assigned.ts';
import type { Node } from '../scheduler/unpack/node.ts';
import { ROLE, type Resource } from '../scheduler/unpack/resource.ts';
import { argumentsOn, colocationsAbout, colocationSentence } from './placement-arguments.ts';
import { clusterHindrances, nodeHindrances } from './placement-node.ts';
import { obstaclesOn } from './placement-obstacles.ts';
import { reasonOf, whyChosen, whyNowhere } from './placement-reason.ts';
import { stepText } from './placement-step.ts';
import { doingAs, isForbidding, nodeNames, scoreText, topOf } from './placement-words.ts';

/** How a resource and one node get along. Sentences for people, without full stops. */
export interface NodeExplanation {
  readonly node: string;
  /** `chosen`: it will be there. `possible`: it could be. `forbidden`: it may not be. `unable`: the node runs nothing. */
  readonly verdict: 'chosen' | 'possible' | 'forbidden' | 'unable';
  /** Everything counted; `undefined`: the node is no candidate at all. */
  readonly score: number | undefined;
  readonly speaksFor: readonly string[];
  readonly speaksAgainst: readonly string[];
  readonly forbids: readonly string[];
  /** What would have to change so that it would be there; empty where it will be. */
  readonly toChange: readonly string[];
}

/** Why a primitive or an instance is where it will be. */
export interface PlacementExplanation {
  readonly resource: string;
  /** What is now, and what will be. */
  readonly answer: string;
  readonly why: readonly string[];
  readonly nodes: readonly NodeExplanation[];
  readonly planned: readonly { readonly what: string; readonly why: string; readonly isBlocked: boolean }[];
}

/**
 * Why a resource is where it will be, why not elsewhere, what would have to change, and what is planned for it. For a
 * group or a clone: of each primitive or instance in it. `node`: tell of this one only, beside where it will be.
 */
export const explainPlacement = (
  transition: Transition,
  resource: Resource,
  node?: Node,
): readonly PlacementExplanation[] => {
  if (resource.kind !== 'primitive')
    return resource.children.flatMap((child) => explainPlacement(transition, child, node));
  const { assigned } = transition.ordered;
  const assignment = assigned.assignments[resource.index];
  if (assignment === undefined) return [];
  const { nodes } = assigned.scored.unpacked;
  const destination = transition.ordered.builder.destination(resource);
  return [
    {
      resource: resource.id,
      answer: answerOf(resource, destination, assignment),
      why: reasonsFor(assigned, resource, assignment, destination),
      nodes: nodes
        .filter((one) => node === undefined || one === node)
        .map((one) => explainNode(assigned, resource, assignment, destination, one)),
      planned: plannedFor(transition, resource),
    },
  ];
};

const answerOf = (resource: Resource, destination: Node | undefined, assignment: Assignment): string => {
  const now =
    resource.runningOn.length === 0
      ? 'does not run now'
      : `${doingAs(assignment.role)} on ${nodeNames(resource.runningOn)} now${resource.isFailed ? ', failed' : ''}`;
  if (destination === undefined) return `${resource.id} ${now}, and shall run nowhere`;
  const isSame = resource.runningOn.length === 1 && resource.runningOn[0] === destination;
  const will =
    assignment.nextRole > ROLE.started ? ` as ${roleNames[assignment.nextRole].toLowerCase()}` : '';
  return isSame && (assignment.role === assignment.nextRole || will === '')
    ? `${resource.id} ${now}, and stays there`
    : `${resource.id} ${now}, and shall ${isSame ? 'be there' : `run on ${destination.name}`}${will}`;
};

const reasonsFor = (
  assigned: Assigned,
  resource: Resource,
  assignment: Assignment,
  destination: Node | undefined,
): readonly string[] => {
  const { settings } = assigned.scored.unpacked;
  const why: string[] = [];
  if (!assignment.isManaged) why.push('it is not managed: it is left as it is');
  if (resource.isBlocked) why.push('it is blocked: something went wrong that only a person can mend');
  if (destination === undefined) why.push(whyNowhere(assigned, resource));
  else if (assignment.isManaged) why.push(whyChosen(assigned, resource));
  why.push(...clusterHindrances(settings).map(({ text }) => text));
  if (resource.nextRole === ROLE.stopped && resource.nextRoleReason === 'target-role')
    why.push('its target-role is Stopped');
  why.push(...promotionReasons(assigned, resource, assignment));
  why.push(...colocationsAbout(assigned, resource).map((one) => colocationSentence(assigned, one)));
  return [...new Set(why)];
};

/** Whether an instance is promoted, and which others have a better claim. */
const promotionReasons = (
  assigned: Assigned,
  resource: Resource,
  { promotionScore, nextRole }: Assignment,
): readonly string[] => {
  if (promotionScore === undefined) return [];
  const score = `its promotion score is ${scoreText(promotionScore)}`;
  if (nextRole === ROLE.promoted) return [`${score}, and it is to be promoted`];
  const promoted = (resource.parent?.children ?? []).flatMap((instance) => {
    const other = assigned.assignments[instance.index];
    return other?.nextRole === ROLE.promoted
      ? [
          `${instance.id} (${scoreText(other.promotionScore ?? 0)}) on ${nodeNames(other.node === undefined ? other.nodes : [other.node])}`,
        ]
      : [];
  });
  if (promoted.length > 0)
    return [`${score}, and it is not to be promoted: that is for ${promoted.join(', ')}`];
  return [
    `${score}, and it is not to be promoted${promotionScore < 0 ? ': its agent has not offered it, and no location with role=Promoted asks for it' : ''}`,
  ];
};

const explainNode = (
  assigned: Assigned,
  resource: Resource,
  assignment: Assignment,
  destination: Node | undefined,
  node: Node,
): NodeExplanation => {
  const found = argumentsOn(assigned, resource, node);
  const score = assignment.scores.get(node);
  const against = found.filter((one) => one.score < 0 && !isForbidding(one.score));
  const inFavour = found.filter((one) => one.score > 0);
  const isChosen = destination === node;
  const obstacles = isChosen ? [] : obstaclesOn(assigned, resource, node);
  const general = destination === undefined ? generalRemedies(assigned, resource) : [];
  return {
    node: node.name,
    verdict: isChosen ? 'chosen' : verdictOf(nodeHindrances(node).length, obstacles.length, score),
    score,
    speaksFor: inFavour.map(({ text }) => text),
    speaksAgainst: against.map(({ text }) => text),
    forbids: obstacles.map(({ text }) => text),
    toChange: isChosen
      ? []
      : [
          ...new Set([
            ...general,
            ...obstacles.map(({ remedy }) => remedy),
            ...(obstacles.length > 0
              ? against.map(({ remedy }) => remedy)
              : outbid(assignment, destination, node, score, against)),
          ]),
        ],
  };
};

const verdictOf = (
  hindrances: number,
  obstacles: number,
  score: number | undefined,
): NodeExplanation['verdict'] => {
  if (hindrances > 0) return 'unable';
  return obstacles > 0 || score === undefined || score < 0 ? 'forbidden' : 'possible';
};

/** What keeps it down wherever it might be. */
const generalRemedies = (assigned: Assigned, resource: Resource): readonly string[] => {
  const remedies = clusterHindrances(assigned.scored.unpacked.settings).map(({ remedy }) => remedy);
  if (resource.nextRole === ROLE.stopped && resource.nextRoleReason === 'target-role')
    return [...remedies, `set target-role of ${topOf(resource).id} to Started`];
  return remedies;
};

/** The node may run it; another one is better. */
const outbid = (
  assignment: Assignment,
  destination: Node | undefined,
  node: Node,
  score: number | undefined,
  against: readonly { readonly remedy: string }[],
): readonly string[] => {
  if (destination === undefined || score === undefined) return against.map(({ remedy }) => remedy);
  const best = assignment.scores.get(destination) ?? 0;
  const more =
    score < best
      ? `the score of ${node.name} (${scoreText(score)}) would have to exceed that of ${destination.name} (${scoreText(best)}), by a location for instance`
      : `${node.name} is as good as ${destination.name}: any location that prefers it would do`;
  return [...against.map(({ remedy }) => remedy), more];
};

const plannedFor = (transition: Transition, resource: Resource): PlacementExplanation['planned'] => {
  const { builder } = transition.ordered;
  return builder
    .of(resource)
    .filter(
      (action) => action.isDrawn || (!action.isOptional && !action.isRunnable && builder.isManaged(resource)),
    )
    .map((action) => ({
      what: stepText(action),
      why: reasonOf(transition, { action }),
      isBlocked: !action.isDrawn,
    }));
};
