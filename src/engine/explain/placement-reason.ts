import type { Action } from '../scheduler/actions/action.ts';
import type { Assigned } from '../scheduler/assign/assigned.ts';
import type { Step, Transition } from '../scheduler/graph/transition.ts';
import { ROLE, type Resource } from '../scheduler/unpack/resource.ts';
import { argumentsOn } from './placement-arguments.ts';
import { fencingCause } from './placement-fencing.ts';
import { clusterHindrances, nodeHindrances } from './placement-node.ts';
import { obstaclesOn } from './placement-obstacles.ts';
import { isDoneByFencing } from './placement-step.ts';
import { nodeNames, scoreText } from './placement-words.ts';

/**
 * Why a step is taken, as a clause for people that begins in lower case and ends without a full stop. Made of the
 * reason that the scheduler gave the action, and of the assignment.
 */
export const reasonOf = (transition: Transition, { action }: Pick<Step, 'action'>): string => {
  const { assigned } = transition.ordered;
  const given = action.reason;
  if (action.task === 'stonith') return fencingReason(action);
  const translated = given === undefined ? undefined : translate(given);
  if (translated !== undefined) return translated;
  const { resource } = action;
  if (action.isPseudo && !isDoneByFencing(action)) return pseudoReason(action);
  if (resource === undefined) return clusterReason(action);
  return taskReason(transition, assigned, resource, action) ?? given ?? 'it is part of what follows';
};

const DOING: ReadonlyMap<string, string> = new Map([
  ['start', 'started'],
  ['running', 'started'],
  ['stop', 'stopped'],
  ['stopped', 'stopped'],
  ['promote', 'promoted'],
  ['promoted', 'promoted'],
  ['demote', 'demoted'],
  ['demoted', 'demoted'],
  ['monitor', 'looked at'],
  ['notified', 'told of it'],
  ['migrate_to', 'migrated'],
  ['migrate_from', 'migrated'],
]);

/** Reasons that say all by themselves. `undefined`: the assignment tells more. */
const translate = (reason: string): string | undefined => {
  switch (reason) {
    case 'node availability':
      return undefined;
    case 'being multiply active':
      return 'it runs on more than one node';
    case 'no quorum':
      return 'this partition has no quorum';
    case 'quorum freeze':
      return 'this partition has no quorum, and nothing new is started (no-quorum-policy=freeze)';
    case 'resource definition change':
      return 'its definition has changed since it was started';
    case 'required stonith':
      return 'a node has to be fenced, and it is not certain before that what runs there';
  }
  const [, change, resource, task] = /^(required|unrunnable) (\S+) (\S+)$/.exec(reason) ?? [];
  if (resource !== undefined && task !== undefined) {
    const done = DOING.get(task) ?? `made ready (${task})`;
    return change === 'required'
      ? `it depends on ${resource}, which is ${done} in the same transition`
      : `it depends on ${resource}, which cannot be ${done}`;
  }
  const [, other] = /^colocation with (.+)$/.exec(reason) ?? [];
  return other === undefined ? undefined : `it must be with ${other}, which cannot be where it was to be`;
};

const fencingReason = (action: Action): string => {
  if (action.isPseudo) return 'others wait for this fencing';
  return action.reason === undefined
    ? 'only fencing makes sure that nothing of it runs on'
    : fencingCause(action.reason);
};

const pseudoReason = ({ task, resource }: Action): string => {
  if (task === 'notify' || task === 'notified') return 'the clone asks for notifications (notify=true)';
  if (task.startsWith('load_stopped_')) return 'what is started there needs the capacity of what is stopped';
  if (task.includes('one-or-more')) return 'enough of a set must be started before what follows';
  return resource === undefined
    ? 'it holds the steps together'
    : `it holds the steps of ${resource.id} together`;
};

const clusterReason = ({ task, node }: Action): string => {
  if (task === 'do_shutdown') return `${node?.name ?? 'the node'} asked to leave`;
  return 'the cluster asks for it';
};

const taskReason = (
  transition: Transition,
  assigned: Assigned,
  resource: Resource,
  action: Action,
): string | undefined => {
  const { task, interval, node } = action;
  const name = node?.name ?? 'the node';
  switch (task) {
    case 'monitor':
      if (interval > 0) return 'its definition asks for this monitor';
      return node !== undefined && resource.runningOn.includes(node)
        ? 'its state there has to be looked at again'
        : `it is not known yet whether it runs on ${name}`;
    case 'cancel':
      return 'this monitor is not wanted for the role it will have, or is no longer defined';
    case 'start':
      return startReason(assigned, resource, action);
    case 'stop':
      return stopReason(transition, assigned, resource, action);
    case 'promote':
      return `among the instances it has the best claim to be promoted${promotionScore(assigned, resource)}`;
    case 'demote':
      return demoteReason(assigned, resource, action);
    case 'migrate_to':
    case 'migrate_from':
      return `it moves to ${assigned.assignments[resource.index]?.node?.name ?? name}, and can do so while it runs`;
    case 'notify':
      return 'the clone asks for notifications (notify=true)';
    case 'clear_failcount': {
      const clearing = assigned.scored.unpacked.failureClearings.find(
        (one) => one.resource === resource && one.node === node,
      );
      return clearing === undefined ? 'they count no longer' : `they count no longer: ${clearing.reason}`;
    }
    case 'delete':
    case 'lrm_delete':
      return resource.isOrphan ? 'it is no longer defined' : 'the history has to be written anew';
    default:
      return undefined;
  }
};

const promotionScore = (assigned: Assigned, resource: Resource): string => {
  const score = assigned.assignments[resource.index]?.promotionScore;
  return score === undefined ? '' : ` (promotion score ${scoreText(score)})`;
};

const startReason = (assigned: Assigned, resource: Resource, { node }: Action): string => {
  const { runningOn } = resource;
  if (node !== undefined && runningOn.includes(node))
    return resource.isFailed ? 'it failed there and is recovered' : 'it is started again';
  const from = runningOn.length === 0 ? 'it runs nowhere' : `it comes from ${nodeNames(runningOn)}`;
  return `${from}, and ${whyChosen(assigned, resource)}`;
};

/** Why its node was chosen. */
export const whyChosen = (assigned: Assigned, resource: Resource): string => {
  const assignment = assigned.assignments[resource.index];
  const node = assignment?.node;
  if (assignment === undefined || node === undefined) return 'no node may run it';
  const name = node.name;
  if (!assignment.isManaged) return `it is not managed, and stays on ${name}`;
  const score = assignment.scores.get(node) ?? 0;
  const others = [...assignment.scores].filter(
    ([other]) => other !== node && nodeHindrances(other).length === 0,
  );
  const allowed = others.filter(([, value]) => value >= 0);
  if (allowed.length === 0) return `${name} is the only node that may run it`;
  const best = Math.max(...allowed.map(([, value]) => value));
  if (score > best)
    return `${name} has the best score (${scoreText(score)}, the next one ${scoreText(best)})`;
  if (score < best)
    return `${name} was chosen, although others have a better score by now (${scoreText(best)})`;
  if (resource.runningOn.includes(node))
    return `${name} is as good as any other (${scoreText(score)}), and it runs there`;
  return `${name} is as good as any other (${scoreText(score)}), and the least busy or the first by name`;
};

const stopReason = (
  transition: Transition,
  assigned: Assigned,
  resource: Resource,
  { node }: Action,
): string => {
  const destination = transition.ordered.builder.destination(resource);
  if (resource.isOrphan) return 'it is no longer defined';
  if (destination === undefined) return whyNowhere(assigned, resource);
  if (destination === node)
    return resource.isFailed ? 'it failed there and is recovered' : 'it is started again after that';
  const [worst] = node === undefined ? [] : obstaclesOn(assigned, resource, node);
  const moves = `it moves to ${destination.name}`;
  return worst === undefined ? `${moves}: ${whyChosen(assigned, resource)}` : `${moves}: ${worst.text}`;
};

/** Why it runs nowhere. */
export const whyNowhere = (assigned: Assigned, resource: Resource): string => {
  const { settings, nodes } = assigned.scored.unpacked;
  const [general] = clusterHindrances(settings);
  if (general !== undefined) return general.text;
  if (resource.nextRole === ROLE.stopped)
    return resource.nextRoleReason === 'target-role'
      ? 'its target-role is Stopped'
      : `it is to be stopped (${resource.nextRoleReason ?? 'as defined'})`;
  const assignment = assigned.assignments[resource.index];
  if (assignment?.because === 'the clone has as many instances as it may have') return assignment.because;
  const clauses = nodes.map((node) => {
    const [obstacle] = obstaclesOn(assigned, resource, node);
    const [argument] = argumentsOn(assigned, resource, node).filter(({ score }) => score < 0);
    return obstacle?.text ?? argument?.text ?? `${node.name} may not run it`;
  });
  return `no node may run it: ${[...new Set(clauses)].slice(0, MOST_CLAUSES).join('; ')}`;
};

/** More would hide the first ones. */
const MOST_CLAUSES = 4;

const demoteReason = (assigned: Assigned, resource: Resource, { node }: Action): string => {
  const assignment = assigned.assignments[resource.index];
  if (assignment?.nextRole === ROLE.promoted && assignment.node === node)
    return resource.isFailed ? 'it failed as promoted and is recovered' : 'it is promoted again after that';
  if (assignment?.node === undefined) return whyNowhere(assigned, resource);
  if (resource.nextRole === ROLE.unpromoted && resource.nextRoleReason !== undefined)
    return `it is to be unpromoted (${resource.nextRoleReason})`;
  return `another instance has a better claim, or it may no longer be promoted there${promotionScore(assigned, resource)}`;
};
