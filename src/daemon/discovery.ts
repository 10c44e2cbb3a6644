import { proposeHostMap } from '../engine/index.ts';
import {
  failed,
  failure,
  seconds,
  type Discovered,
  type Milliseconds,
  type NodeName,
  type ParameterValue,
  type Parameters,
  type ReplyOf,
  type RequestOf,
  type Result,
} from '../model/index.ts';
import { createLane, defaultPatience, type Lane } from '../platform/agent-host/lane.ts';
import type { Clock, Log } from '../ports/index.ts';

/** A hypervisor with many machines takes its time; longer nobody waits. */
const TIMEOUT = seconds(40);
/** At one time. */
const MOST = 4;

export interface DiscoveryOptions {
  readonly hostProgram: string;
  readonly node: NodeName;
  readonly log: Log;
  readonly clock: Clock;
  /** For one device; 40 seconds by default. */
  readonly timeout?: Milliseconds;
}

export type Discovery = (
  request: RequestOf<'fence.discover'>,
  nodes: readonly NodeName[],
) => Promise<Result<ReplyOf<'fence.discover'>>>;

/**
 * Has a device say what it can switch, in an agent host of its own, so that one that hangs is in nobody's way; that host
 * ends with the answer. `nodes`: for whom something is looked for where the request names nobody.
 */
export function createDiscovery(options: DiscoveryOptions): Discovery {
  const { hostProgram, node, log, clock, timeout = TIMEOUT } = options;
  let underWay = 0;
  return async ({ device, nodes: wanted }, known) => {
    if (underWay >= MOST) return failed(failure('busy', `${MOST} devices are being asked already`));
    underWay += 1;
    const lane = createLane({
      name: 'discovery',
      program: hostProgram,
      args: [node],
      log,
      clock,
      patience: defaultPatience,
    });
    try {
      const found = await ask(lane, device, timeout);
      if (!found.ok) return found;
      return { ok: true, value: proposeHostMap(device, found.value, wanted ?? known) };
    } finally {
      underWay -= 1;
      lane.close();
    }
  };
}

async function ask(
  lane: Lane,
  { kind, ...settings }: RequestOf<'fence.discover'>['device'],
  timeout: Milliseconds,
): Promise<Result<Discovered>> {
  const parameters: Parameters = Object.fromEntries(
    Object.entries(settings).filter((entry): entry is [string, ParameterValue] => entry[1] !== undefined),
  );
  const work = { agent: `fence-${kind}`, verb: 'discover', parameters, timeout } as const;
  return (await lane.perform({ kind: 'fence', work })) as Result<Discovered>;
}
