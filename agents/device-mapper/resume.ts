import { success, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { runSuccessfully } from '../command.ts';
import { pause } from '../pause.ts';
import type { DeviceMapper } from './device-mapper.ts';

/** Who exchanges a table is done with it much sooner; milliseconds. */
const BETWEEN_LOOKS = 100;
const LOOKS = 10;

/**
 * A command that is ended while it exchanges a device's table leaves it suspended, with all its I/O held back. It goes
 * on with the table that it had: what LVM has not written down does not count.
 */
export async function resumeLeftSuspended(
  deviceMapper: DeviceMapper,
  name: string,
  context: AgentContext,
): Promise<Result<undefined>> {
  for (let looks = 1; (await deviceMapper.find(name))?.suspended === true; looks += 1) {
    if (looks < LOOKS && (await pause(BETWEEN_LOOKS, context.signal))) continue;
    return resume(name, context);
  }
  return success(undefined);
}

async function resume(name: string, context: AgentContext): Promise<Result<undefined>> {
  context.log(`${name} was left suspended: it is resumed`);
  const cleared = await runSuccessfully(context, 'dmsetup', ['clear', '--noudevsync', name]);
  if (!cleared.ok) return cleared;
  const resumed = await runSuccessfully(context, 'dmsetup', ['resume', '--noudevsync', name]);
  return resumed.ok ? success(undefined) : resumed;
}
