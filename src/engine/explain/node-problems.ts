import {
  assertNever,
  failures,
  problem,
  type InstanceStatus,
  type NodeName,
  type NodeStatus,
  type Problem,
  type ResourceId,
} from '../../model/index.ts';
import type { EngineState } from '../controller/state.ts';
import { definitionOf } from '../executor/definitions.ts';
import { asAsked, reasonToFence } from '../planner/index.ts';

/** Whether it is there, and whether it could be fenced or has to be. */
export function nodeProblems(state: EngineState, name: NodeName, node: NodeStatus): readonly Problem[] {
  // An attempt that is under way does not make the failure of the last one untrue.
  const cause = node.fencing?.state === 'confirmed' ? undefined : node.fencing?.failure;
  if (cause !== undefined) {
    return [
      {
        code: cause.code,
        severity: 'data-not-served',
        message: `${name} must be fenced and cannot be (attempt ${node.fencing?.attempts ?? 1}): ${cause.message}. Nothing of it is started elsewhere before that`,
        next: `Check the management board of ${name} (power, network, credentials); Keelson goes on trying by itself.`,
      },
    ];
  }
  if (node.state === 'online') {
    const reason = reasonToFence(state.config.current, name, node);
    if (reason !== undefined)
      return [
        problem('node_to_be_fenced', `${name} is about to be fenced: ${reason.replace(/\.$/, '')}`, 'Wait.'),
      ];
  }
  const broken = node.device?.failure;
  if (broken !== undefined && node.state === 'online')
    return [
      {
        code: broken.code,
        severity: 'failure-would-not-be-survived',
        message: `${name} could not be fenced now: ${broken.message}`,
        next: `Check the management board of ${name} (power, network, credentials); Keelson asks it again by itself.`,
      },
    ];
  return presenceProblems(name, node);
}

function presenceProblems(name: NodeName, { state, leaving }: NodeStatus): readonly Problem[] {
  switch (state) {
    case 'online':
      return [];
    case 'lost':
      return [problem('node_lost', `${name} is lost and is being fenced`, 'Wait.')];
    case 'joining':
      return [problem('node_joining', `${name} is joining`, 'Wait.')];
    case 'offline': {
      const text = leaving === undefined ? `${name} is off` : `${name} has left in order and is off`;
      return [problem('node_offline', text, `Start ${name}, if it does not come back by itself.`)];
    }
    case 'engine-gone':
      return [
        problem(
          'node_engine_gone',
          `The engine of ${name} is gone; what runs there goes on, unwatched`,
          `On ${name}: systemctl status keelsond. It is fenced if it stays away.`,
        ),
      ];
    default:
      return assertNever(state);
  }
}

/** What nodes say of themselves, as long as they are there to say when it is over. */
export function noticeProblems(state: EngineState, name: NodeName, node: NodeStatus): readonly Problem[] {
  if (node.state !== 'online' && name !== state.self) return [];
  return Object.values(node.notices ?? {}).map(({ failure }) => ({
    code: failure.code,
    severity: 'attention',
    message: `${name}: ${failure.message}`,
    next: failures[failure.code].next,
  }));
}

/** What failed on it and has not been forgotten. What failed too often there could not be taken over by it. */
export function failureProblems(state: EngineState, name: NodeName, node: NodeStatus): readonly Problem[] {
  if (node.state !== 'online') return [];
  return Object.entries(node.instances).flatMap(([resource, instance]): readonly Problem[] => {
    const { failures: failed } = instance;
    if (failed === undefined) return [];
    const wornOut = isWornOut(state, resource, instance);
    const times = failed.count === 1 ? 'failed' : `failed ${failed.count} times`;
    const end = wornOut ? `. It is not tried there again for now` : '';
    return [
      {
        code: failed.failure.code,
        severity: wornOut ? 'failure-would-not-be-survived' : 'attention',
        message: `${resource} on ${name}: ${failed.operation} ${times}: ${failed.failure.message}${end}`,
        next: `keelson cleanup ${resource} --node ${name}`,
      },
    ];
  });
}

function isWornOut(
  state: EngineState,
  resource: ResourceId,
  { observation, failures }: InstanceStatus,
): boolean {
  const definition = definitionOf(state, resource);
  if (definition === undefined || failures === undefined) return false;
  const runs = observation !== 'unknown' && ['running', 'promoted'].includes(observation.state);
  return !runs && failures.count >= asAsked(state.config.current, definition).migrationThreshold;
}
