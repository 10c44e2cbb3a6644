import {
  assertNever,
  failed,
  failingOperations,
  failure,
  success,
  type ClusterConfig,
  type Failure,
  type FailingOperation,
  type NodeIntent,
  type OnFail,
  type PolicyChange,
  type PolicyCommand,
  type ResourceId,
  type ResourcePolicy,
  type Result,
} from '../../model/index.ts';
import { compile } from '../blueprint/index.ts';

/** What nodes, the cluster and resources are asked. What changes nothing gives the very same configuration back. */
export function applyPolicy(config: ClusterConfig, command: PolicyCommand): Result<ClusterConfig> {
  switch (command.kind) {
    case 'node.set':
      return setNode(config, command);
    case 'cluster.set':
      return success(setCluster(config, command));
    case 'resource.set':
      return setResource(config, command.resource, command.policy);
    default:
      return assertNever(command);
  }
}

/** What was asked, for people: `alpha standby=true`. */
export function wishInWords(command: PolicyCommand): string {
  const { kind, ...asked } = command;
  const { node, resource, policy, ...rest } = asked as Partial<Record<string, unknown>>;
  const wishes = Object.entries({ ...rest, ...(policy as object | undefined) })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const subject = kind === 'cluster.set' ? 'the cluster' : String(node ?? resource);
  return [subject, ...wishes].join(' ');
}

type SetNode = Extract<PolicyCommand, { kind: 'node.set' }>;

function setNode(config: ClusterConfig, command: SetNode): Result<ClusterConfig> {
  const name = command.node;
  const node = Object.hasOwn(config.nodes, name) ? config.nodes[name] : undefined;
  if (node === undefined) return failed(failure('node_not_found', `there is no node ${name}`));
  const isStandby = command.standby ?? node.standby === true;
  const isInMaintenance = command.maintenance ?? node.maintenance === true;
  const fenceAction = either(command.fenceAction, node.fenceAction);
  const isSo =
    isStandby === (node.standby === true) &&
    isInMaintenance === (node.maintenance === true) &&
    fenceAction === node.fenceAction;
  if (isSo) return success(config);
  const changed: { -readonly [Field in keyof NodeIntent]: NodeIntent[Field] } = { ...node };
  // Absent where it is the default.
  delete changed.standby;
  delete changed.maintenance;
  delete changed.fenceAction;
  if (isStandby) changed.standby = true;
  if (isInMaintenance) changed.maintenance = true;
  if (fenceAction !== undefined) changed.fenceAction = fenceAction;
  return success({ ...config, nodes: { ...config.nodes, [name]: changed } });
}

type SetCluster = Extract<PolicyCommand, { kind: 'cluster.set' }>;

function setCluster(config: ClusterConfig, command: SetCluster): ClusterConfig {
  const { maintenance: wasInMaintenance, fenceAction: before, ...properties } = config.properties;
  const maintenance = command.maintenance ?? wasInMaintenance === true;
  const fenceAction = command.fenceAction ?? before ?? 'reboot';
  if (maintenance === (wasInMaintenance === true) && fenceAction === (before ?? 'reboot')) return config;
  return {
    ...config,
    properties: {
      ...properties,
      ...(maintenance ? { maintenance } : {}),
      ...(fenceAction === 'off' ? { fenceAction } : {}),
    },
  };
}

function setResource(config: ClusterConfig, id: ResourceId, wanted: PolicyChange): Result<ClusterConfig> {
  if (!compile(config).resources.some((resource) => resource.id === id))
    return failed(failure('resource_not_found', `there is no resource ${id}`));
  const problem = nonsense(id, wanted);
  if (problem !== undefined) return failed(problem);
  const before = config.resources?.[id] ?? {};
  const after = changed(before, wanted);
  return success(isSame(before, after) ? config : withPolicy(config, id, after));
}

/** The policy of a resource that is not there any more is not for another one of that name. */
export const withoutPolicy = (config: ClusterConfig, id: ResourceId): ClusterConfig =>
  config.resources?.[id] === undefined ? config : withPolicy(config, id, {});

/** What is empty is left out, so that a configuration with the defaults has one text only. */
function withPolicy(config: ClusterConfig, id: ResourceId, policy: ResourcePolicy): ClusterConfig {
  const { resources = {}, ...rest } = config;
  const others = Object.entries(resources).filter(([key]) => key !== id);
  const all = Object.keys(policy).length === 0 ? others : [...others, [id, policy] as const];
  return all.length === 0 ? rest : { ...rest, resources: Object.fromEntries(all) };
}

function changed(before: ResourcePolicy, wanted: PolicyChange): ResourcePolicy {
  const isManaged = wanted.managed ?? before.managed !== false;
  const isInMaintenance = wanted.maintenance ?? before.maintenance === true;
  const role = wanted.targetRole ?? before.targetRole ?? 'started';
  const onFail = changedOnFail(before.onFail ?? {}, wanted.onFail ?? {});
  const startDelay = either(wanted.startDelay, before.startDelay);
  const migrationThreshold = either(wanted.migrationThreshold, before.migrationThreshold);
  const failureTimeout = either(wanted.failureTimeout, before.failureTimeout);
  const onDrift = wanted.onDrift ?? before.onDrift ?? 'repair';
  return {
    ...(isManaged ? {} : { managed: false }),
    ...(isInMaintenance ? { maintenance: true } : {}),
    ...(role === 'stopped' ? { targetRole: role } : {}),
    ...(Object.keys(onFail).length === 0 ? {} : { onFail }),
    ...(startDelay === undefined || startDelay === 0 ? {} : { startDelay }),
    ...(migrationThreshold === undefined ? {} : { migrationThreshold }),
    ...(failureTimeout === undefined ? {} : { failureTimeout }),
    ...(onDrift === 'report' ? { onDrift } : {}),
  };
}

/** `null`: back to the default. */
const either = <Value>(wanted: Value | null | undefined, before: Value | undefined): Value | undefined =>
  wanted === null ? undefined : (wanted ?? before);

function changedOnFail(
  before: NonNullable<ResourcePolicy['onFail']>,
  wanted: NonNullable<PolicyChange['onFail']>,
): NonNullable<ResourcePolicy['onFail']> {
  return Object.fromEntries(
    failingOperations.flatMap((operation): [FailingOperation, OnFail][] => {
      const policy = either(wanted[operation], before[operation]);
      return policy === undefined ? [] : [[operation, policy]];
    }),
  );
}

/** What Pacemaker would answer with its default, and a warning that nobody reads. */
function nonsense(id: ResourceId, { onFail = {} }: PolicyChange): Failure | undefined {
  const { stop } = onFail;
  // Stopped once more at once, it would fail once more at once, for ever.
  if (stop === 'stop' || stop === 'standby' || stop === 'demote' || stop === 'restart')
    return failure('policy_invalid', `${id}: a stop that failed cannot be answered with '${stop}'`);
  for (const operation of failingOperations)
    if (onFail[operation] === 'demote' && operation !== 'promote' && operation !== 'monitor')
      return failure('policy_invalid', `${id}: '${operation}' that failed cannot be answered with 'demote'`);
  return undefined;
}

const isSame = (one: ResourcePolicy, other: ResourcePolicy): boolean => text(one) === text(other);

/** Both have their fields in the same order, made by `changed`, but for what a person wrote into a file. */
const text = (policy: ResourcePolicy): string => JSON.stringify(changed(policy, {}));
