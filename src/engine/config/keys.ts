import {
  failed,
  failure,
  success,
  type ClusterConfig,
  type Command,
  type EntryKey,
  type KeyRecord,
  type LogEntry,
  type Milliseconds,
  type Result,
} from '../../model/index.ts';
import { leaveOut } from './leave-out.ts';

/** Requests that are remembered by their key, and for how long (milliseconds): whoever repeats one does so soon. */
const KEYS_KEPT = 256;
const KEYS_KEPT_FOR = 24 * 60 * 60 * 1000;

/**
 * What was carried out under this key before: the configuration stays as it is, or the key was another request's.
 * Undefined: nothing was, go on.
 */
export function repeated(
  config: ClusterConfig,
  key: EntryKey | undefined,
): Result<ClusterConfig> | undefined {
  const record = key && keyRecord(config, key.key);
  if (record === undefined) return undefined;
  return record.request === key?.request
    ? success(config)
    : failed(failure('key_reused', 'another request was carried out under this Idempotency-Key'));
}

export const keyRecord = ({ keys = {} }: ClusterConfig, key: string): KeyRecord | undefined =>
  Object.hasOwn(keys, key) ? keys[key] : undefined;

/** With what has just been carried out; what is old, or too much, is forgotten. */
export function remembered(
  config: ClusterConfig,
  { key, at, command }: Pick<LogEntry, 'key' | 'at' | 'command'>,
): ClusterConfig {
  if (key === undefined) return config;
  const record: KeyRecord = { request: key.request, ...subjectOf(config, command), at };
  return { ...config, keys: { ...newest(config.keys ?? {}, at), [key.key]: record } };
}

function newest(keys: NonNullable<ClusterConfig['keys']>, now: Milliseconds): Record<string, KeyRecord> {
  const recent = Object.entries(keys)
    .filter(([, { at }]) => now - at < KEYS_KEPT_FOR)
    .sort(([one, a], [other, b]) => b.at - a.at || (one < other ? -1 : 1));
  return Object.fromEntries(recent.slice(0, KEYS_KEPT - 1));
}

/** What it was about, and what it has begun or found. */
function subjectOf(
  config: ClusterConfig,
  command: Command,
): Pick<KeyRecord, 'subject' | 'operation' | 'serial'> {
  const subject =
    'name' in command
      ? command.name
      : 'host' in command
        ? command.host.name
        : 'node' in command
          ? command.node
          : '';
  const lun = command.kind === 'lun.create' ? config.luns[command.name] : undefined;
  const begun = 'operation' in command && config.operations[command.operation] !== undefined;
  const operation = begun ? command.operation : lun?.operation;
  return {
    subject,
    ...(operation === undefined ? {} : { operation }),
    ...(lun === undefined ? {} : { serial: lun.serial }),
  };
}

/** Digests of what clients sent, secrets included, are not for people to see. */
export const withoutKeys = (config: ClusterConfig): ClusterConfig =>
  config.keys === undefined ? config : leaveOut(config, 'keys');
