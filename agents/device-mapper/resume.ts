import { failed, failure, success, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { runSuccessfully } from '../command.ts';
import { pause } from '../pause.ts';
import type { DeviceMapper } from './device-mapper.ts';

/** Who exchanges a table is done with it much sooner; milliseconds. */
const BETWEEN_LOOKS = 100;
const LOOKS = 10;
/** Of one that is still at it: longer than that nobody waits. */
const LOOKS_AT_WORK = 150;

/**
 * A command that is ended while it exchanges a device's table leaves it suspended, with all its I/O held back. It goes
 * on with the table that it had: what LVM has not written down does not count. Where `isAtWork` tells that such a
 * command still lives, the device is its own: resumed by another hand, a snapshot would not be of one instant.
 */
export async function resumeLeftSuspended(
  deviceMapper: DeviceMapper,
  name: string,
  context: AgentContext,
  isAtWork: () => boolean = () => false,
): Promise<Result<undefined>> {
  for (let looks = 1; (await deviceMapper.find(name))?.suspended === true; looks += 1) {
    const isHeld = isAtWork();
    const most = isHeld ? LOOKS_AT_WORK : LOOKS;
    if (looks < most && (await pause(BETWEEN_LOOKS, context.signal))) continue;
    if (isHeld) return failed(failure('agent_failed', `${name} is held by an LVM command that does not end`));
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
