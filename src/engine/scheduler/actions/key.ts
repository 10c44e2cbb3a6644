import type { Resource } from '../unpack/resource.ts';

/**
 * The key of a resource's operation: `drbd:0_monitor_10000`. `interval` in milliseconds. Those of what is done once are
 * kept: they are asked for very often, and the same text is found faster in a table than an equal one.
 */
export function actionKey(resource: Resource, task: string, interval = 0): string {
  if (interval !== 0) return `${resource.id}_${task}_${String(interval)}`;
  let key = resource.keys.get(task);
  if (key === undefined) {
    key = `${resource.id}_${task}_0`;
    resource.keys.set(task, key);
  }
  return key;
}

export interface ParsedKey {
  readonly id: string;
  readonly task: string;
  /** Milliseconds. */
  readonly interval: number;
}

const LONG_TASK = /^(.*)_(migrate_(?:from|to)|(?:pre|post)_notify_(?:[a-z]+|migrate_(?:from|to)))_([0-9]+)$/;
const ANY_TASK = /^(.+)_([^_]*)_([0-9]+)$/;

/** What an operation's key says; `undefined` where it is no such key. Ids may contain underlines. */
export function parseActionKey(key: string): ParsedKey | undefined {
  const parts = LONG_TASK.exec(key) ?? ANY_TASK.exec(key);
  if (parts === null) return undefined;
  return { id: parts[1] ?? '', task: parts[2] ?? '', interval: Number(parts[3]) };
}

/** The interval at the end of a key, in milliseconds; 0 where there is none. */
export function intervalOfKey(key: string): number {
  const last = key.charCodeAt(key.length - 1);
  // Most keys end in `_0`; looking for nothing else keeps the making of actions cheap.
  if (last === 48 && key.charCodeAt(key.length - 2) === 95) return 0;
  const interval = Number(key.slice(key.lastIndexOf('_') + 1));
  return Number.isInteger(interval) && interval > 0 ? interval : 0;
}
