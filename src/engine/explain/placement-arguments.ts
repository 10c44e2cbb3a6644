import { failCount } from '../scheduler/history/failures.ts';
import { INFINITY } from '../scheduler/rules/values.ts';
import type { Assigned } from '../scheduler/assign/assigned.ts';
import type { Colocation, Contribution } from '../scheduler/score/scored.ts';
import type { Node } from '../scheduler/unpack/node.ts';
import { ROLE, type Resource } from '../scheduler/unpack/resource.ts';
import { isForbidding, nameOf, nodeNames, scoreText, topOf, withAncestors } from './placement-words.ts';

/** One thing that speaks for or against a node. */
export interface Argument {
  readonly text: string;
  readonly score: number;
  /** What would have to change so that it no longer counts. */
  readonly remedy: string;
}

/** All that gave the resource a score on the node, in the order in which it was counted. */
export const argumentsOn = (assigned: Assigned, resource: Resource, node: Node): readonly Argument[] => {
  const own = [
    ...(assigned.scored.contributions.get(resource.index) ?? []),
    ...(assigned.assignments[resource.index]?.contributions ?? []),
  ].filter((contribution) => contribution.node === node);
  return own.map((contribution) => argumentOf(assigned, resource, contribution));
};

const argumentOf = (assigned: Assigned, resource: Resource, contribution: Contribution): Argument => {
  const { kind, source, node, score } = contribution;
  const worth = scoreText(score);
  const { name } = node;
  switch (kind) {
    case 'location':
      return {
        text: isForbidding(score)
          ? `location ${source} forbids ${name}`
          : `location ${source} gives ${name} ${worth}`,
        score,
        remedy: `remove or change location ${source}`,
      };
    case 'health':
      return {
        text: `the health of ${name} counts ${worth} (node-health-strategy ${source})`,
        score,
        remedy: `mend what makes ${name} unhealthy`,
      };
    case 'stickiness':
      return {
        text: `it runs on ${name} and likes to stay there (stickiness ${worth})`,
        score,
        remedy: `lower resource-stickiness of ${resource.id}`,
      };
    case 'failures':
      return failuresArgument(assigned, source, node, score);
    case 'history':
      return historyArgument(resource, node, score);
    case 'ticket':
      return { text: `ticket ${source} is not granted`, score, remedy: `grant ticket ${source}` };
    case 'shutdown-lock':
      return {
        text: `it waits for ${source}, where it ran before that node left (shutdown-lock)`,
        score,
        remedy: `start ${source}, or set shutdown-lock to false`,
      };
    case 'capacity':
      return capacityArgument(assigned, resource, node, score);
    case 'colocation':
      return colocationArgument(assigned, resource, contribution);
  }
};

const failuresArgument = (assigned: Assigned, source: string, node: Node, score: number): Argument => {
  const { unpacked } = assigned.scored;
  const failed = unpacked.all.find(({ id }) => id === source);
  const count = failed === undefined ? 0 : failCount(unpacked, failed, node, { isEffective: true });
  const threshold = failed?.migrationThreshold ?? 0;
  const name = source.replace(/:\d+$/, '');
  return {
    text: `${name} failed ${timesText(count)} on ${node.name}, and migration-threshold is ${scoreText(threshold)}`,
    score,
    remedy: `mend it and forget the failures: keelson cleanup ${name} --node ${node.name}`,
  };
};

const timesText = (count: number): string => {
  if (count >= INFINITY) return 'for good';
  return count === 1 ? 'once' : `${count} times`;
};

const historyArgument = (resource: Resource, node: Node, score: number): Argument => ({
  text: resource.isOrphan
    ? `${resource.id} is no longer defined, and is kept nowhere`
    : `the history of ${node.name} counts ${scoreText(score)}`,
  score,
  remedy: resource.isOrphan
    ? `define ${resource.id} again`
    : `forget the history: keelson cleanup ${resource.id} --node ${node.name}`,
});

const capacityArgument = (assigned: Assigned, resource: Resource, node: Node, score: number): Argument => {
  const wanted = [...resource.utilization].map(([what, amount]) => `${what}=${amount}`).join(', ');
  const left = assigned.remaining.get(node);
  const rest = [...resource.utilization.keys()].map((what) => `${what}=${left?.get(what) ?? 0}`).join(', ');
  const needs = wanted === '' ? 'what must be with it' : wanted;
  return {
    text: `${node.name} has not enough capacity left for ${needs}${rest === '' ? '' : ` (in the end ${rest} is left)`}`,
    score,
    remedy: `free capacity on ${node.name}, or give it more`,
  };
};

/** Follows another resource: where that is, or because it is nowhere. */
const colocationArgument = (
  assigned: Assigned,
  resource: Resource,
  { source, node, score }: Contribution,
): Argument => {
  const colocation = withAncestors(resource)
    .flatMap(({ index }) => assigned.scored.colocationsOf.get(index) ?? [])
    .find(({ id }) => id === source);
  if (colocation === undefined)
    return {
      text: `colocation ${source} counts ${scoreText(score)}`,
      score,
      remedy: `remove or change colocation ${source}`,
    };
  const { primary } = colocation;
  const places = placesOf(assigned, colocation);
  const where =
    places.length === 0
      ? `${promotedWord(colocation, true)} nowhere`
      : `${promotedWord(colocation, false)} on ${nodeNames(places)}`;
  return {
    text: `${relation(colocation)} ${nameOf(primary)}, which ${where}${isForbidding(score) ? '' : `: ${scoreText(score)}`}${isGroup(colocation) ? '' : ` (colocation ${source})`}`,
    score,
    remedy: colocationRemedy(colocation, node),
  };
};

const isGroup = ({ id }: Colocation): boolean => id === 'group:internal_colocation';

const relation = (colocation: Colocation): string => {
  const { score } = colocation;
  if (isGroup(colocation)) return 'in its group it follows';
  if (score < 0) return isForbidding(score) ? 'it must not be with' : 'it would rather not be with';
  return score >= INFINITY ? 'it must be with' : 'it would rather be with';
};

const promotedWord = ({ primaryRole }: Colocation, isNegative: boolean): string => {
  if (primaryRole === ROLE.promoted) return 'is promoted';
  return isNegative ? 'can run' : 'shall run';
};

export const colocationRemedy = (colocation: Colocation, node: Node): string => {
  const { id, primary, primaryRole, score } = colocation;
  const needed = primaryRole === ROLE.promoted ? 'promoted' : 'run';
  const verb = needed === 'promoted' ? 'be promoted' : 'run';
  if (isGroup(colocation)) return `let ${primary.id} ${verb} on ${node.name}`;
  return score < 0
    ? `let ${primary.id} be elsewhere, or remove colocation ${id}`
    : `let ${primary.id} ${verb} on ${node.name}, or remove colocation ${id}`;
};

/** Where what is followed shall be, in the role that counts. */
export const placesOf = (
  assigned: Assigned,
  { primary, primaryRole }: Pick<Colocation, 'primary' | 'primaryRole'>,
): readonly Node[] => {
  const instances = primary.children.length > 0 && primary.kind === 'clone' ? primary.children : [primary];
  return [
    ...new Set(
      instances.flatMap((instance) => {
        const assignment = assigned.assignments[instance.index];
        if (assignment === undefined) return [];
        if (primaryRole === ROLE.promoted && assignment.nextRole !== ROLE.promoted) return [];
        return assignment.node === undefined ? assignment.nodes : [assignment.node];
      }),
    ),
  ];
};

/** Constraints of the resource and of all it belongs to, by whose wishes count in both directions. */
export const colocationsAbout = (assigned: Assigned, resource: Resource): readonly Colocation[] => {
  const family = withAncestors(resource);
  return [
    ...family.flatMap(({ index }) => assigned.scored.colocationsOf.get(index) ?? []),
    ...family.flatMap(({ index }) => assigned.scored.colocationsWith.get(index) ?? []),
  ].filter(
    (colocation, index, all) =>
      all.indexOf(colocation) === index && topOf(colocation.primary) !== topOf(colocation.dependent),
  );
};

/** `lun1 must be with vg, which shall run on a (colocation c1)` */
export const colocationSentence = (assigned: Assigned, colocation: Colocation): string => {
  const { id, dependent, primary, score } = colocation;
  const places = placesOf(assigned, colocation);
  const where =
    places.length === 0
      ? `${promotedWord(colocation, true)} nowhere`
      : `${promotedWord(colocation, false)} on ${nodeNames(places)}`;
  const worth = Math.abs(score) >= INFINITY ? '' : `, score ${scoreText(score)}`;
  const role = colocation.dependentRole === ROLE.promoted ? ' where it is promoted' : '';
  return `${nameOf(dependent)}${relation(colocation).replace(/^it/, '')} ${nameOf(primary)}${role}, which ${where} (colocation ${id}${worth})`;
};
