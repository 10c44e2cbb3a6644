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
import { fenceActionOf } from '../config/index.ts';
import { distrust, levelsOf, survivesItsPower } from '../fencing/levels.ts';
import { asAsked, isMendedElsewhere, reasonToFence } from '../planner/index.ts';

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
        next: `Check the fence devices of ${name} (\`keelson fence list\`); Keelson goes on trying by itself. If you have seen that ${name} has no power: \`keelson fence confirm ${name}\`.`,
      },
    ];
  }
  if (node.state === 'online') {
    const underWay = node.fencing?.state === 'running' ? node.fencing.reason : undefined;
    const reason = reasonToFence(state.config.current, name, node) ?? underWay;
    if (reason !== undefined)
      return [
        problem('node_to_be_fenced', `${name} is about to be fenced: ${reason.replace(/\.$/, '')}`, 'Wait.'),
      ];
  }
  const broken = node.state === 'online' ? brokenDevices(state, name, node) : [];
  if (broken.length > 0) return broken;
  return presenceProblems(state, name, node);
}

/** A node can be fenced where all devices of one level answer; what else is broken is to be mended before that is too. */
function brokenDevices(state: EngineState, name: NodeName, { devices = {} }: NodeStatus): readonly Problem[] {
  const levels = levelsOf(state, name).map((level) =>
    level.map((device) => ({
      device: device.name,
      failure: distrust(state, device) ?? devices[device.name]?.failure,
    })),
  );
  const isWhole = levels.some((level) => level.every(({ failure }) => failure === undefined));
  return levels.flat().flatMap(({ device, failure }): Problem[] => {
    if (failure === undefined) return [];
    return [
      {
        code: failure.code,
        severity: isWhole ? 'attention' : 'failure-would-not-be-survived',
        message: isWhole
          ? `${device} could not fence ${name} now: ${failure.message}. Another device could`
          : `${name} could not be fenced now by ${device}: ${failure.message}`,
        next: `Check ${device} (power, network, credentials); Keelson asks it again by itself.`,
      },
    ];
  });
}

function presenceProblems(
  { config }: EngineState,
  name: NodeName,
  { state, leaving, fencing }: NodeStatus,
): readonly Problem[] {
  switch (state) {
    case 'online':
      return [];
    case 'lost':
      return [problem('node_lost', `${name} is lost and is being fenced`, 'Wait.')];
    case 'joining':
      return [problem('node_joining', `${name} is joining`, 'Wait.')];
    case 'offline': {
      const text = leaving === undefined ? `${name} is off` : `${name} has left in order and is off`;
      const staysOff = fencing?.state === 'confirmed' && fenceActionOf(config.current, name) === 'off';
      if (staysOff)
        return [
          problem(
            'node_offline',
            `${text}: it was fenced, and is not switched on again by itself (fenceAction off)`,
            `Find out why (\`keelson fence history\`), then keelson node power-on ${name}`,
          ),
        ];
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

/** Whether the loss of its power, which is a failure like any other, could be confirmed by a device. */
export function powerProblems(state: EngineState, name: NodeName): readonly Problem[] {
  const levels = levelsOf(state, name);
  if (levels.length === 0 || levels.some(survivesItsPower)) return [];
  const dark = levels.flatMap((level) => level.filter(({ sharesPower }) => sharesPower === true));
  const names = dark.map((device) => device.name).join(' and ');
  return [
    problem(
      'fencing_shares_power',
      `Only a person could confirm that ${name} has lost its power: ${names} would be dark with it, and silence proves nothing`,
      `Give ${name} a level of fence devices with power of their own (outlets, SBD), or feed ${names} apart from it.`,
    ),
  ];
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
    const { code } = failed.failure;
    const wornOut = isWornOut(state, resource, instance);
    const times = failed.count === 1 ? 'failed' : `failed ${failed.count} times`;
    const end = wornOut ? `. It is not tried there again for now` : '';
    return [
      {
        code,
        severity: wornOut ? 'failure-would-not-be-survived' : 'attention',
        message: `${resource} on ${name}: ${failed.operation} ${times}: ${failed.failure.message}${end}`,
        next: isMendedElsewhere(code) ? failures[code].next : `keelson cleanup ${resource} --node ${name}`,
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
