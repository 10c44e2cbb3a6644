import {
  bytes,
  EXTENT,
  failure,
  success,
  type Bytes,
  type Failure,
  type Result,
} from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { runSuccessfully } from '../command.ts';
import { onlyDevice, readVolumes } from '../lvm-command/lvm.ts';
import { isThin, thinPool } from '../lvm-command/thin-pool.ts';
import type { ThinUsage } from '../lvm-command/thin-usage.ts';
import type { LvmParameters } from './parameters.ts';

/** A pool is extended when so much of it is used, to where only so much is. */
const EXTEND_AT = 0.7;
const EXTEND_TO = 0.55;

const percent = (part: number, whole: number): number => (whole === 0 ? 0 : Math.ceil((part / whole) * 100));

/** For people, and for what the engine warns of. In whole percent, so that not every write is news. */
export const thinFacts = (usage: ThinUsage): Readonly<Record<string, string | number>> => ({
  thinBytes: usage.size,
  thinTakenBytes: usage.taken,
  thinPercent: percent(usage.used, usage.size),
  thinMetadataPercent: percent(usage.metadataUsed, usage.metadata),
  thinState: usage.state,
});

/** Whole extents that are to be added, as far as the group has them. */
function missing(used: number, size: number, free: number): number {
  if (used < size * EXTEND_AT) return 0;
  const wanted = Math.ceil((used / EXTEND_TO - size) / EXTENT) * EXTENT;
  return Math.min(Math.max(wanted, EXTENT), Math.floor(free / EXTENT) * EXTENT);
}

interface Remedy {
  readonly why: string;
  readonly args: readonly string[];
  readonly program: 'lvextend' | 'lvchange';
}

/** What is to be done for a pool that fills, first what matters most; undefined: nothing, or nothing can be. */
export function remedyFor({ volumeGroup }: LvmParameters, usage: ThinUsage, free: Bytes): Remedy | undefined {
  const name = `${volumeGroup}/${thinPool}`;
  if (usage.state === 'broken') return undefined;
  const moreMetadata = missing(usage.metadataUsed, usage.metadata, free);
  if (moreMetadata > 0)
    return {
      why: `${percent(usage.metadataUsed, usage.metadata)} % of the metadata of ${name} is used`,
      program: 'lvextend',
      args: ['--noudevsync', '--poolmetadatasize', `+${moreMetadata}b`, name],
    };
  const more = missing(usage.used, usage.size, free);
  if (more > 0)
    return {
      why: `${percent(usage.used, usage.size)} % of ${name} is used`,
      program: 'lvextend',
      args: ['--noudevsync', '--size', `+${more}b`, name],
    };
  // Whoever writes waits only for what can come.
  const whenFull = free >= EXTENT ? 'wait' : 'error';
  if (usage.whenFull === whenFull) return undefined;
  return {
    why: `${name} ${whenFull === 'error' ? 'can be extended no more' : 'can be extended again'}`,
    program: 'lvchange',
    args: ['--errorwhenfull', whenFull === 'error' ? 'y' : 'n', name],
  };
}

/** What a reload puts right: the pool has less room than it should, and the group has some. */
export function thinDrift(parameters: LvmParameters, usage: ThinUsage, free: Bytes): Failure | undefined {
  const remedy = remedyFor(parameters, usage, free);
  return remedy === undefined ? undefined : failure('thin_pool_fills', remedy.why);
}

/** A remedy may call for the next one: the room that is taken, and what becomes of writes where there is none left. */
const MOST_REMEDIES = 4;

/** `look`: how things are now. */
export async function extendThinPool(
  parameters: LvmParameters,
  look: () => Promise<Result<{ readonly usage: ThinUsage | undefined; readonly free: Bytes }>>,
  context: AgentContext,
): Promise<Result<undefined>> {
  for (let round = 0; round < MOST_REMEDIES; round += 1) {
    const seen = await look();
    if (!seen.ok) return seen;
    const { usage, free } = seen.value;
    const remedy = usage && remedyFor(parameters, usage, bytes(free));
    if (remedy === undefined) return success(undefined);
    context.log(`${remedy.why}: ${remedy.program} ${remedy.args.join(' ')}`);
    const args = [...onlyDevice(parameters.device), ...remedy.args];
    const done = await runSuccessfully(context, remedy.program, args);
    if (!done.ok) return done;
  }
  return success(undefined);
}

/** After an activation that failed: all volumes are active but the thin ones, as where the kernel refuses their pool. */
export async function lacksThinOnly(parameters: LvmParameters, context: AgentContext): Promise<boolean> {
  const volumes = await readVolumes(parameters, context);
  if (!volumes.ok) return false;
  const inactive = volumes.value.filter(({ active, isPutAway }) => !active && !isPutAway);
  return inactive.length > 0 && inactive.every(isThin);
}
