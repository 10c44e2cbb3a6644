import * as z from 'zod';
import { bytes, success, type Bytes, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { runSuccessfully } from '../command.ts';
import type { DeviceMapper, MappedDevice } from '../device-mapper/device-mapper.ts';
import { mappedName } from '../device-mapper/names.ts';
import { resumeLeftSuspended } from '../device-mapper/resume.ts';
import { thinPool } from './thin-pool.ts';

/** How full a thin pool is, as the kernel has it. */
export interface ThinUsage {
  /** Bytes for data, and of them those in use. */
  readonly size: Bytes;
  readonly used: Bytes;
  readonly metadata: Bytes;
  readonly metadataUsed: Bytes;
  /** What it takes of the group: data, metadata, and the spare for a repair. */
  readonly taken: Bytes;
  /** `full`: no block is left. `broken`: it takes no writes until it was repaired. */
  readonly state: 'ok' | 'full' | 'broken';
  readonly whenFull: 'error' | 'wait';
}

/** Names of the devices that a thin pool consists of, beside the volumes that hosts use; what lies below comes first. */
export const partsOfThinPool = (volumeGroup: string): readonly string[] =>
  ['_tmeta', '_tdata', '-tpool', ''].map((part) => `${mappedName(volumeGroup, thinPool)}${part}`);

const partOf = (
  volumeGroup: string,
  part: '-tpool' | '_tmeta',
  devices: readonly MappedDevice[],
): MappedDevice | undefined =>
  devices.find(({ name }) => name === `${mappedName(volumeGroup, thinPool)}${part}`);

/** As a command that is ended while it extends it leaves it, with the I/O of all thin volumes held back. */
export async function resumeThinPool(
  deviceMapper: DeviceMapper,
  volumeGroup: string,
  context: AgentContext,
  isAtWork?: () => boolean,
): Promise<Result<undefined>> {
  for (const name of partsOfThinPool(volumeGroup)) {
    const resumed = await resumeLeftSuspended(deviceMapper, name, context, isAtWork);
    if (!resumed.ok) return resumed;
  }
  return success(undefined);
}

/** The kernel counts metadata in blocks of 4 KiB (Documentation/admin-guide/device-mapper/thin-provisioning.rst). */
const METADATA_BLOCK = 4096;
const status = z
  .string()
  .regex(/^0 \d+ thin-pool \d+ \d+\/\d+ \d+\/\d+ /)
  .transform((line) => line.split(' '));

/** The status line of a thin pool: `0 LENGTH thin-pool TRANSACTION META/META DATA/DATA ROOT MODE DISCARD WHEN-FULL CHECK ...`. */
export function parseThinStatus(
  text: string,
  { size, tmeta }: { readonly size: Bytes; readonly tmeta: Bytes },
): ThinUsage | undefined {
  if (/^0 \d+ thin-pool Fail/.test(text)) {
    const nothing = { used: bytes(0), metadata: tmeta, metadataUsed: bytes(0) };
    return { size, ...nothing, taken: bytes(size + 2 * tmeta), state: 'broken', whenFull: 'error' };
  }
  const parsed = status.safeParse(text.trim());
  if (!parsed.success) return undefined;
  const words = parsed.data;
  const [metadataUsed = 0, metadata = 0] = (words[4] ?? '').split('/').map(Number);
  const [used = 0, all = 0] = (words[5] ?? '').split('/').map(Number);
  const isBroken = words.includes('ro') || words.includes('needs_check');
  const isFull = words.includes('out_of_data_space') || used >= all;
  return {
    size,
    used: bytes(all === 0 ? 0 : Math.round((used / all) * size)),
    metadata: bytes(metadata * METADATA_BLOCK),
    metadataUsed: bytes(metadataUsed * METADATA_BLOCK),
    taken: bytes(size + 2 * tmeta),
    state: isBroken ? 'broken' : isFull ? 'full' : 'ok',
    whenFull: words.includes('error_if_no_space') ? 'error' : 'wait',
  };
}

/** undefined: the group has no thin pool that is active, or the kernel's answer is not understood. */
export async function readThinUsage(
  volumeGroup: string,
  devices: readonly MappedDevice[],
  context: AgentContext,
): Promise<Result<ThinUsage | undefined>> {
  const device = partOf(volumeGroup, '-tpool', devices);
  if (device === undefined) return success(undefined);
  const tmeta = partOf(volumeGroup, '_tmeta', devices);
  // Without `--noflush` it would wait for a commit.
  const ran = await runSuccessfully(context, 'dmsetup', ['status', '--noflush', device.name]);
  if (!ran.ok) return ran;
  const usage = parseThinStatus(ran.value.stdout, { size: device.size, tmeta: tmeta?.size ?? bytes(0) });
  if (usage === undefined)
    context.log(`the status of ${device.name} is not understood: ${ran.value.stdout.trim()}`);
  return success(usage);
}
