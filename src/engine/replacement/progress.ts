import {
  bytes,
  type Bytes,
  type Command,
  type Failure,
  type InstanceStatus,
  type NodeName,
  type OperationRecord,
  type PoolName,
  type Replacement,
} from '../../model/index.ts';
import { otherOf } from '../config/index.ts';
import type { EngineState } from '../controller/state.ts';

/** By the DC, at every step: what comes next of a replacement, as a change of the configuration. */
export function dueOfReplacement(state: EngineState): readonly (readonly [string, Command])[] {
  const { replacement } = state.config.current;
  if (replacement === undefined) return [];
  const next = nextOf(state, replacement);
  return next === undefined ? [] : [[`${next.kind} ${replacement.operation}`, next]];
}

function nextOf(state: EngineState, replacement: Replacement): Command | undefined {
  const { node, phase, operation } = replacement;
  const pools = Object.keys(replacement.disks);
  if (phase === 'fill') {
    const isFilled = pools.every((pool) => isCurrentOnBoth(state, pool));
    return isFilled ? { kind: 'replace.done', operation } : undefined;
  }
  if (phase === 'keys') return haveKeys(state, replacement) ? { kind: 'replace.away', operation } : undefined;
  if (!pools.every((pool) => isAway(state, node, pool))) return undefined;
  // They would be held against the new disk for as long as failures are remembered.
  if (staleFailures(state).length > 0) return undefined;
  const sizes: [PoolName, Bytes][] = [];
  for (const pool of pools) {
    const size = sizeOf(state, pool, node);
    if (size === undefined) return undefined;
    sizes.push([pool, size]);
  }
  return { kind: 'replace.fill', operation, sizes: Object.fromEntries(sizes) };
}

/** The old machine is off, and every other node says that it goes by the new keys. */
function haveKeys({ status }: EngineState, { node, operation, phase }: Replacement): boolean {
  return Object.entries(status.nodes).every(([name, { state, witness: told }]) =>
    name === node
      ? state === 'offline'
      : state === 'online' &&
        told?.operation === operation &&
        told.phase === phase &&
        told.failure === undefined,
  );
}

/** What has failed with the disk of before is not said of the new one. */
export const staleFailures = ({ status, config }: EngineState): readonly `drbd-${string}`[] => {
  const { replacement } = config.current;
  if (replacement?.phase !== 'away') return [];
  const { instances } = status.nodes[replacement.node] ?? {};
  return Object.keys(replacement.disks)
    .map((pool) => `drbd-${pool}` as const)
    .filter((mirror) => instances?.[mirror]?.failures?.operation === 'start');
};

export const isReplacing = (replacement: Replacement | undefined, pool: PoolName): boolean =>
  replacement?.disks[pool] !== undefined;

const mirrorOn = ({ status }: EngineState, pool: PoolName, node: NodeName): InstanceStatus | undefined =>
  status.nodes[node]?.instances[`drbd-${pool}`];

export function factsOf(
  state: EngineState,
  pool: PoolName,
  node: NodeName,
): Readonly<Record<string, string | number>> {
  const seen = mirrorOn(state, pool, node)?.observation;
  return seen === undefined || seen === 'unknown' ? {} : (seen.facts ?? {});
}

/** Whether the node is there and its copy is as good as any. */
export const hasCurrent = (state: EngineState, pool: PoolName, node: NodeName): boolean =>
  state.status.nodes[node]?.state === 'online' && factsOf(state, pool, node)['disk'] === 'UpToDate';

/** Of the copy that stays, where it is current; undefined: nobody can tell just now. */
function sizeOf(state: EngineState, pool: PoolName, node: NodeName): Bytes | undefined {
  const intent = state.config.current.pools[pool];
  const other = intent && otherOf(intent, node);
  if (other === undefined || !hasCurrent(state, pool, other) || isInDoubt(state, pool, other))
    return undefined;
  const size = factsOf(state, pool, other)['sizeBytes'];
  return typeof size === 'number' && size > 0 ? bytes(size) : undefined;
}

/**
 * Its kernel serves, and holds the copy that was taken away for one that may be as good, or has just asked what became
 * of it: that is answered first, while it is down for certain. The new disk would be asked about otherwise.
 */
function isInDoubt(state: EngineState, pool: PoolName, node: NodeName): boolean {
  const { role, peerDisk, suspended, connection } = factsOf(state, pool, node);
  if (role !== 'Primary') return false;
  if (suspended === 'yes') return true;
  // One that has given the connection up asks nobody any more.
  return connection !== 'StandAlone' && peerDisk !== 'Outdated' && peerDisk !== 'Inconsistent';
}

/** Nothing of the old disk is in use: the node has seen so itself, or is known to run nothing. */
function isAway(state: EngineState, node: NodeName, pool: PoolName): boolean {
  const { status, inFlight } = state;
  const present = status.nodes[node];
  if (present?.state === 'offline') return true;
  const mirror = `drbd-${pool}`;
  const isBusy = Object.values(inFlight).some((flight) => flight.node === node && flight.resource === mirror);
  const seen = mirrorOn(state, pool, node)?.observation;
  return (
    present?.state === 'online' &&
    !isBusy &&
    seen !== undefined &&
    seen !== 'unknown' &&
    seen.state === 'stopped'
  );
}

/** By their kernels' word: both copies are current, and know of each other. */
export function isCurrentOnBoth(state: EngineState, pool: PoolName): boolean {
  return Object.keys(state.config.current.pools[pool]?.disks ?? {}).every(
    (node) => hasCurrent(state, pool, node) && factsOf(state, pool, node)['connection'] === 'Connected',
  );
}

/** With what holds it up, or how far the new disk is filled. */
export function replacementView(state: EngineState, record: OperationRecord): OperationRecord {
  const { replacement } = state.config.current;
  if (record.state !== 'running' || replacement?.operation !== record.id) return record;
  const more = holdUpOfReplacement(state, replacement)?.message ?? filling(state, replacement);
  return more === undefined ? record : { ...record, progress: `${record.progress ?? ''}; ${more}` };
}

/** With the code of what failed, where anything has. */
export type HoldUp = Pick<Failure, 'message'> & { readonly code?: Failure['code']; readonly next?: string };

/** Why it does not get on; undefined: it does, or has only begun. */
export function holdUpOfReplacement(state: EngineState, replacement: Replacement): HoldUp | undefined {
  const { node, phase, disks, machine } = replacement;
  const keys = phase === 'keys' ? holdUpOfKeys(state, replacement) : undefined;
  if (keys !== undefined) return keys;
  for (const pool of Object.keys(disks)) {
    const intent = state.config.current.pools[pool];
    const other = (intent && otherOf(intent, node)) ?? '';
    if (!hasCurrent(state, pool, other))
      return {
        message: `it waits for ${other}, which alone has the data of pool ${pool}. Nothing of it is lost as long as the disk of ${other} is whole; ${node} cannot serve it`,
      };
    const failed = mirrorOn(state, pool, node)?.failures;
    if (failed !== undefined)
      return { code: failed.failure.code, message: `${node}: ${failed.failure.message}` };
  }
  const present = state.status.nodes[node]?.state ?? 'absent';
  if (phase !== 'fill' || present === 'online') return undefined;
  return {
    message: `it waits for ${node}, which is ${present}`,
    next:
      machine === true
        ? `On the new machine: \`keelson cluster join --address ADDRESS --secret-file -\`, with what \`keelson cluster join-secret\` prints here.`
        : `Start ${node}; it goes on by itself.`,
  };
}

function holdUpOfKeys({ status }: EngineState, { node, operation }: Replacement): HoldUp | undefined {
  const present = status.nodes[node]?.state ?? 'absent';
  if (present !== 'offline')
    return {
      message: `it waits until ${node} is off, which is ${present}`,
      next: `Switch the old machine off, and keep it off. If it is lost and no device answers: \`keelson fence confirm ${node}\`.`,
    };
  for (const [name, { witness: told }] of Object.entries(status.nodes))
    if (told?.operation === operation && told.failure !== undefined)
      return { code: told.failure.code, message: `${name}: ${told.failure.message}` };
  return undefined;
}

const SCALE = [
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
] as const;

/** Such as `2 h`, `15 min`: nobody knows it better. */
function inWords(seconds: number): string {
  const [size, unit] = SCALE.find(([length]) => seconds >= 2 * length) ?? [1, 's'];
  return `${Math.max(1, Math.round(seconds / size))} ${unit}`;
}

/** `pool main 12.5 %, about 20 min to go`; undefined: nothing is being copied. */
export function filling(state: EngineState, { disks, node }: Replacement): string | undefined {
  const parts = Object.keys(disks).flatMap((pool) => {
    const progress = syncOf(state, pool, node);
    return progress === undefined ? [] : [`pool ${pool} ${progress}`];
  });
  return parts.length === 0 ? undefined : parts.join('; ');
}

/** How far a copy is, and when it will be current, as its kernel says; undefined: nothing is being copied to it. */
export function syncOf(state: EngineState, pool: PoolName, node: NodeName): string | undefined {
  const { resyncPercent, resyncSeconds } = factsOf(state, pool, node);
  if (typeof resyncPercent !== 'number') return undefined;
  const left = typeof resyncSeconds === 'number' ? `, about ${inWords(resyncSeconds)} to go` : '';
  return `${resyncPercent} %${left}`;
}
