/** The words for what actions do, as histories and transitions spell them. */
export const TASK = {
  start: 'start',
  started: 'running',
  stop: 'stop',
  stopped: 'stopped',
  promote: 'promote',
  promoted: 'promoted',
  demote: 'demote',
  demoted: 'demoted',
  monitor: 'monitor',
  migrateTo: 'migrate_to',
  migrateFrom: 'migrate_from',
  reload: 'reload-agent',
  cancel: 'cancel',
  notify: 'notify',
  notified: 'notified',
  delete: 'delete',
  forget: 'lrm_delete',
  clearFailures: 'clear_failcount',
  probeAgain: 'probe_again',
  fence: 'stonith',
  shutDown: 'do_shutdown',
} as const;

const atomic: Readonly<Record<string, string>> = {
  [TASK.started]: TASK.start,
  [TASK.stopped]: TASK.stop,
  [TASK.promoted]: TASK.promote,
  [TASK.demoted]: TASK.demote,
};

/** What a primitive does where a group or clone has finished something: `running` is its `start`. */
export function atomicTask(task: string): string {
  return atomic[task] ?? task;
}
