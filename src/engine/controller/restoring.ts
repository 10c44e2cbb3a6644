import { success, type BackupOrigin, type RequestOf, type RestorableIntent } from '../../model/index.ts';
import { restoreIntent } from '../config/index.ts';
import { reply } from './draft.ts';
import { restoreReport } from './restore-report.ts';
import type { Draft } from './state.ts';
import { submit } from './submit.ts';
import { wouldStop } from './wishes.ts';

/** What the daemon makes of the request: it has the record of this node, out of which the intent comes. */
export type RestoreRequest = RequestOf<'config.restore'> & {
  readonly intent: RestorableIntent;
  readonly saved?: BackupOrigin | undefined;
};

export function restoreConfig(draft: Draft, id: number, request: RestoreRequest): void {
  const { current } = draft.state.config;
  const { revision, intent, saved, dryRun = false, force = false } = request;
  const report = restoreReport(current, { revision, intent }, dryRun);
  if (dryRun || report.restored.length === 0) return reply(draft, id, success(report));
  const { config } = restoreIntent(current, intent);
  const hindrance = force
    ? undefined
    : wouldStop(
        draft.state,
        config,
        draft.state.status,
        `if revision ${revision}${saved === undefined ? '' : ` of ${saved.clusterName}`} were brought back`,
      );
  if (hindrance !== undefined) return reply(draft, id, hindrance);
  submit(draft, id, 'config.restore', String(revision), {
    kind: 'config.restore',
    revision,
    intent,
    ...(saved && { saved }),
  });
}
