import {
  isDeed,
  type ClusterConfig,
  type FailureCode,
  type NodeName,
  type NodeStatus,
  type OnFail,
  type OperationName,
  type Primitive,
  type ResourceFailures,
  type ResourceId,
  type ResourcePolicy,
} from '../../model/index.ts';

/** As much of the configuration as tells what nodes, the cluster and resources are asked. */
export type Wishes = Pick<ClusterConfig, 'nodes' | 'properties' | 'resources'>;

const NONE: ResourcePolicy = {};

export const policyOf = ({ resources }: Wishes, resource: ResourceId): ResourcePolicy =>
  resources?.[resource] ?? NONE;

/** The node is left alone as a whole; it is fenced where it is lost, and for nothing else. */
export const isInMaintenance = ({ nodes, properties }: Wishes, node: NodeName): boolean =>
  properties.maintenance === true || nodes[node]?.maintenance === true;

/** Not even looked at there. */
export const isUnwatched = (wishes: Wishes, resource: ResourceId, node: NodeName): boolean =>
  isInMaintenance(wishes, node) || policyOf(wishes, resource).maintenance === true;

/** Nothing is done with it there, but to look at it. */
export const isUnmanaged = (wishes: Wishes, resource: ResourceId, node: NodeName): boolean =>
  isUnwatched(wishes, resource, node) || policyOf(wishes, resource).managed === false;

/** What its failure leads to: as asked, or Pacemaker's default with fencing. */
export function onFailOf(wishes: Wishes, resource: ResourceId, operation: OperationName): OnFail {
  if (isDeed(operation) || operation === 'reload') return 'restart';
  const asked = policyOf(wishes, resource).onFail?.[operation];
  return asked ?? (operation === 'stop' || operation === 'demote' ? 'fence' : 'restart');
}

/** What does not pass by itself: a person, a fencing or the failure timeout has to end it. */
export function isLasting(wishes: Wishes, resource: ResourceId, operation: OperationName): boolean {
  const answer = onFailOf(wishes, resource, operation);
  return answer !== 'restart' && answer !== 'demote';
}

/** What is tried again soon, since it is harmless and nobody mends it here: until then a path of the hosts is missing. */
export const isMendedElsewhere = (code: FailureCode): boolean => code === 'address_no_link';

/** A failure for which the whole node has to be fenced (S9), the first one by name. */
export function fatalFailure(
  wishes: Wishes,
  node: NodeName,
  { instances }: Pick<NodeStatus, 'instances'>,
): { readonly resource: ResourceId; readonly failures: ResourceFailures } | undefined {
  return Object.entries(instances)
    .flatMap(([resource, { failures }]) =>
      failures !== undefined &&
      onFailOf(wishes, resource, failures.operation) === 'fence' &&
      !isUnmanaged(wishes, resource, node)
        ? [{ resource, failures }]
        : [],
    )
    .sort((a, b) => (a.resource < b.resource ? -1 : 1))[0];
}

/**
 * As the blueprint has it, and as it was asked for besides. What is left alone is not to be stopped either: that wish
 * waits, and nothing that stands on it is stopped for its sake meanwhile.
 */
export function asAsked(wishes: Wishes, primitive: Primitive): Primitive {
  const { targetRole, migrationThreshold, managed, maintenance } = policyOf(wishes, primitive.id);
  const isLeftAlone = managed === false || maintenance === true;
  if (targetRole === undefined && migrationThreshold === undefined && !isLeftAlone) return primitive;
  return {
    ...primitive,
    targetRole: isLeftAlone ? 'started' : (targetRole ?? primitive.targetRole),
    migrationThreshold: migrationThreshold ?? primitive.migrationThreshold,
  };
}
