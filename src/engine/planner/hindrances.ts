import type { Blocked, NodeName, OnFail, ResourceFailures, ResourceId } from '../../model/index.ts';
import type { Facts } from './facts.ts';
import { policyOf } from './policy.ts';

/** The sentences for what cannot be done, each with the next thing for a person to do. */
export const failedTooOften = (
  resource: ResourceId,
  node: NodeName,
  failures: ResourceFailures | undefined,
): Blocked => ({
  subject: resource,
  reason: `${resource} is not started on ${node}: it failed ${failures?.count ?? 0} times there (${failures?.operation ?? 'monitor'}: ${failures?.failure.message ?? 'no reason given'}).`,
  next: `Mend what the message names, then \`keelson cleanup ${resource}\`.`,
});

/** Nothing while the look is still to come: only where it failed does a person need to know. */
export const notReloaded = (
  resource: ResourceId,
  node: NodeName,
  failures: ResourceFailures | undefined,
): Blocked => ({
  subject: resource,
  reason: `${resource} on ${node} runs on as it was: it could not be brought to its definition (${failures?.failure.message ?? 'no reason given'}).`,
  next: `Mend what the message names, then \`keelson cleanup ${resource}\`.`,
});

export const notLookedAt = (
  resource: ResourceId,
  node: NodeName,
  failures: ResourceFailures | undefined,
): readonly Blocked[] =>
  failures?.operation !== 'monitor'
    ? []
    : [
        {
          subject: resource,
          reason: `Nobody knows whether ${resource} runs on ${node}, so it is not started anywhere: ${failures.failure.message}.`,
          next: `Mend what the message names, then \`keelson cleanup ${resource}\` to look again.`,
        },
      ];

const whyUntouchable = ({ input }: Facts, node: NodeName): string =>
  input.status.nodes[node]?.state === 'joining'
    ? `${node} is joining and has not told what it runs`
    : `the engine of ${node} is gone`;

export const mayRunElsewhere = (facts: Facts, resource: ResourceId, node: NodeName): Blocked => ({
  subject: resource,
  reason: `${resource} waits: ${whyUntouchable(facts, node)}, and it may be running there.`,
  next: 'Nothing to do: it goes on when the node answers or is fenced.',
});

export const mayBePromotedElsewhere = (facts: Facts, resource: ResourceId, node: NodeName): Blocked => ({
  subject: resource,
  reason: `No other instance of ${resource} is promoted: ${whyUntouchable(facts, node)}, and it may be promoted there.`,
  next: 'Nothing to do: it goes on when the node answers or is fenced.',
});

export const runsTwice = (resource: ResourceId, node: NodeName, other: NodeName): Blocked => ({
  subject: resource,
  reason: `${resource} RUNS TWICE, on ${node} and on ${other}, which nobody may touch now.`,
  next: `Look at ${other}: \`systemctl status keelsond\`.`,
});

export const promotedTwice = (resource: ResourceId, node: NodeName, other: NodeName): Blocked => ({
  subject: resource,
  reason: `${resource} IS PROMOTED TWICE, on ${node} and on ${other}, which nobody may touch now.`,
  next: `Look at ${other} at once: \`systemctl status keelsond\`.`,
});

export const nothingFit = (resource: ResourceId, nodes: readonly NodeName[]): Blocked => ({
  subject: resource,
  reason: `No instance of ${resource} is promoted: none on ${nodes.join(', ')} has data fit for it.`,
  next: 'Bring the other node back, which may have newer data; see `keelson status` for the disks.',
});

export const doubtful = (resource: ResourceId, node: NodeName, others: readonly NodeName[]): Blocked => ({
  subject: resource,
  reason: `${resource} on ${node} cannot tell whether ${others.join(', ')} has newer data, so it is not promoted.`,
  next: 'Wait a moment while they connect; if it stays, mend the replication network between the nodes.',
});

export const fencingFirst = (facts: Facts, node: NodeName): Blocked => {
  const fencing = facts.input.status.nodes[node]?.fencing;
  const failed = fencing?.failure !== undefined;
  return {
    subject: node,
    reason: `Nothing is promoted or started until ${node} is confirmed off${failed ? `: ${fencing.failure.message}` : ''}.`,
    next: failed
      ? `Check the management board of ${node}; Keelson goes on trying by itself.`
      : 'Nothing to do: fencing is under way.',
  };
};

export const withoutQuorum = (policy: 'stop' | 'freeze'): Blocked => ({
  subject: 'cluster',
  reason:
    policy === 'freeze'
      ? 'There is no quorum: what runs goes on, nothing is started, stopped or promoted.'
      : 'There is no quorum: everything is stopped, nothing is started.',
  next: 'Start the other node, or mend the network between the nodes.',
});

export const leftAlone = ({ input }: Facts, resource: ResourceId, node: NodeName): Blocked => {
  const { config } = input;
  const [why, next] =
    config.properties.maintenance === true
      ? ['the cluster is in maintenance', 'keelson cluster maintenance off']
      : config.nodes[node]?.maintenance === true
        ? [`${node} is in maintenance`, `keelson node ready ${node}`]
        : policyOf(config, resource).maintenance === true
          ? ['it is in maintenance', `keelson resource set ${resource} --maintenance off`]
          : ['it is not managed', `keelson resource set ${resource} --managed on`];
  return {
    subject: resource,
    reason: `${resource} is left as it is: ${why}.`,
    next: `When the work is done: \`${next}\`.`,
  };
};

export const keptDown = (
  resource: ResourceId,
  node: NodeName,
  answer: OnFail,
  { operation, failure }: ResourceFailures,
): Blocked => {
  const meaning: Partial<Record<OnFail, string>> = {
    stop: `${resource} stays stopped`,
    block: `${resource} is left as it is`,
    standby: `Nothing runs on ${node} any more`,
  };
  return {
    subject: resource,
    reason: `${meaning[answer] ?? resource}: ${operation} of ${resource} failed on ${node} (${failure.message}), and '${answer}' was asked for that.`,
    next: `Mend what the message names, then \`keelson cleanup ${resource}\`.`,
  };
};

export const orphan = (resource: ResourceId, node: NodeName): Blocked => ({
  subject: resource,
  reason: `${resource} runs on ${node}, but the configuration does not know it, nor how to stop it.`,
  next: `Stop it by hand on ${node}, then \`keelson cleanup ${resource}\`.`,
});
