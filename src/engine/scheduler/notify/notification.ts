import type { Action } from '../actions/action.ts';

/** What a clone's instances are told about, before it begins and after it is over. */
export type NotifiedTask = 'start' | 'stop' | 'promote' | 'demote';

/** The clone's pseudo actions around its instances' notify actions: `begin`, each instance is told, `end`. */
export interface NotificationPhase {
  /** `drbd-clone_pre_notify_promote_0`, `drbd-clone_post_notify_promoted_0` */
  readonly begin: Action;
  /** `drbd-clone_confirmed-pre_notify_promote_0`, `drbd-clone_confirmed-post_notify_promoted_0` */
  readonly end: Action;
}

/** All that is told about one task of one clone. */
export interface Notification {
  readonly task: NotifiedTask;
  readonly before: NotificationPhase | undefined;
  readonly after: NotificationPhase | undefined;
}

/** What is planned for one clone, by task. */
export type CloneNotifications = Map<NotifiedTask, Notification>;

/** As graph actions carry it: `CRM_meta_` is put in front of each name for the agent. */
export type NotificationData = ReadonlyMap<string, string>;
