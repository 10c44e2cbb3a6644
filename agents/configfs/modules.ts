import type { Result } from '../../src/model/index.ts';
import { success } from '../../src/model/index.ts';
import type { AgentContext } from '../../src/ports/index.ts';
import { runSuccessfully } from '../command.ts';
import type { Configfs } from './configfs.ts';

const modules = ['target_core_mod', 'target_core_iblock', 'iscsi_target_mod'];

/** Loads the kernel's target where it is not there yet: once after a boot at most. */
export async function ensureTargetModules(
  configfs: Configfs,
  context: AgentContext,
): Promise<Result<undefined>> {
  if ((await configfs.folders('.')) === undefined) {
    const loaded = await runSuccessfully(context, 'modprobe', ['--all', ...modules]);
    if (!loaded.ok) return loaded;
  }
  await configfs.makeFolder('iscsi');
  return success(undefined);
}
