import type { HistoryEntry } from '../../../model/index.ts';

export interface ActiveRange {
  /** Position of the operation since which it runs; -1: none. */
  readonly start: number;
  /** Position of the last stop that went well; -1: none. */
  readonly stop: number;
}

/**
 * From which of a resource's records on (in the order of execution) it has been running: since the last start or
 * arrival; where there is none, since the last promotion or demotion, or since a monitor found it.
 */
export function activeRange(entries: readonly HistoryEntry[]): ActiveRange {
  let start = -1;
  let stop = -1;
  let lastRoleChange = -1;
  let found = -1;
  for (const [position, { operation, fields }] of entries.entries()) {
    if (operation === 'stop' && fields['op-status'] === '0') stop = position;
    else if (operation === 'start' || operation === 'migrate_from') start = position;
    else if (operation === 'monitor' && found <= stop) {
      if (fields['rc-code'] === '0' || fields['rc-code'] === '8') found = position;
    } else if (operation === 'promote' || operation === 'demote') lastRoleChange = position;
  }
  if (start === -1) start = lastRoleChange === -1 ? found : lastRoleChange;
  return { start, stop };
}
