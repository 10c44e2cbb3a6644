import {
  canSwitchOn,
  failure,
  milliseconds,
  type Failure,
  type FenceAgentName,
  type FenceDevice,
  type NodeName,
  type ParameterValue,
  type Parameters,
} from '../../model/index.ts';
import { scaled, uniqueName } from '../controller/draft.ts';
import type { Draft, EngineState } from '../controller/state.ts';

/** Milliseconds for one call of a device that has no limit of its own. */
const DEVICE_TIMEOUT = 20_000;

/** The devices of a node, those of the level that is tried first first. */
export function levelsOf({ config }: EngineState, node: NodeName): readonly (readonly FenceDevice[])[] {
  const devices = Object.values(config.current.fenceDevices).filter((device) => device.node === node);
  const levels = Map.groupBy(devices, ({ level }) => level ?? 1);
  return [...levels].sort(([one], [other]) => one - other).map(([, of]) => of);
}

/**
 * Whether the loss of the node's own power can be confirmed: a level whose devices are dark without it cannot, and no
 * silence is ever taken for an answer.
 */
export const survivesItsPower = (devices: readonly FenceDevice[]): boolean =>
  devices.length > 0 && devices.every(({ sharesPower }) => sharesPower !== true);

/**
 * Why what this device says of its node proves nothing: a message on an SBD disk is obeyed by the node's own daemon, and
 * its watchdog stands in for that only where the daemon has armed it. By the last word of the node itself.
 */
export function distrust({ status }: EngineState, { kind, node }: FenceDevice): Failure | undefined {
  if (kind !== 'sbd') return undefined;
  const notices = status.nodes[node]?.notices ?? {};
  const told = [notices['sbd'], notices['sbd-watchdog']].find(
    (notice) => notice !== undefined && notice.failure.code !== 'watchdog_soft',
  );
  return told && failure('fence_not_confirmed', `a message proves nothing: ${told.failure.message}`);
}

/** One call; its name, with which the answer comes. `isForGood`: the node is not to come back by itself. */
export function callDevice(
  draft: Draft,
  device: FenceDevice,
  verb: 'off' | 'on' | 'status',
  name: string,
  isForGood = false,
): string {
  const work = uniqueName(draft, name);
  draft.effects.push({
    kind: 'fence',
    work,
    agent: agentOf(device),
    verb,
    parameters: { ...parametersOf(device), ...(isForGood && !canSwitchOn(device) && { message: 'off' }) },
    timeout: scaled(draft.state, device.timeout ?? milliseconds(DEVICE_TIMEOUT)),
  });
  return work;
}

const agentOf = ({ kind }: FenceDevice): FenceAgentName => `fence-${kind}`;

/** What the agent of that kind is given: all that is its own. */
const parametersOf = (device: FenceDevice): Parameters =>
  Object.fromEntries(
    Object.entries(device).filter(
      (entry): entry is [string, ParameterValue] => !SHARED.has(entry[0]) && entry[1] !== undefined,
    ),
  );

const SHARED: ReadonlySet<string> = new Set(['name', 'kind', 'level', 'timeout', 'sharesPower', 'testOnly']);
