import type { ClusterConfig, ConfigRestored, RestorableIntent } from '../../model/index.ts';
import { differences, restoreIntent } from '../config/index.ts';

/** What bringing back does to this very configuration. */
export function restoreReport(
  before: ClusterConfig,
  { revision, intent }: { readonly revision: number; readonly intent: RestorableIntent },
  dryRun: boolean,
): ConfigRestored {
  const { config, kept } = restoreIntent(before, intent);
  const isSame = config === before;
  return {
    from: revision,
    revision: isSame || dryRun ? before.revision : before.revision + 1,
    dryRun,
    restored: differences(before, config),
    kept,
  };
}
