import { success, type Result } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { runSuccessfully } from '../command.ts';

/** Types of the signatures on a device (file systems, partition tables, RAID, LVM, DRBD), as libblkid knows them. */
export async function findSignatures(
  device: string,
  context: AgentContext,
): Promise<Result<readonly string[]>> {
  const listed = await runSuccessfully(context, 'wipefs', ['--noheadings', '--output', 'TYPE', device]);
  if (!listed.ok) return listed;
  const types = listed.value.stdout.split('\n').map((line) => line.trim());
  return success([...new Set(types.filter((type) => type !== ''))]);
}
