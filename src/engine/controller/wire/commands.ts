import {
  failed,
  failure,
  fenceActions,
  onFailValues,
  success,
  taggedSections,
} from '../../../model/index.ts';
import type {
  BackupOrigin,
  Result,
  ChapCredentials,
  Command,
  Condition,
  EntryKey,
  HostChange,
  LogEntry,
  PolicyChange,
  RenewedKeys,
  Portal,
  RestorableIntent,
  WitnessCredentials,
  WitnessHeuristics,
  WitnessIntent,
} from '../../../model/index.ts';
import { failureShape, witnessPhase } from './parts.ts';
import {
  byKind,
  duration,
  either,
  flag,
  list,
  number,
  object,
  oneOf,
  optional,
  record,
  size,
  text,
  whole,
  type Check,
} from './shape.ts';

/** `null` gives back the default. */
const orDefault = <Value>(check: Check<Value>): Check<Value | null | undefined> =>
  either(nothing, optional(check));

const nothing: Check<null> = (value, place) => (value === null ? undefined : `${place} is not null`);

const onFail = orDefault(oneOf(...onFailValues));

const chap: Check<ChapCredentials> = object<ChapCredentials>({ username: text, secret: text });

const policy: Check<PolicyChange> = object<PolicyChange>({
  managed: optional(flag),
  maintenance: optional(flag),
  targetRole: optional(oneOf('started', 'stopped')),
  onFail: optional(
    object<NonNullable<PolicyChange['onFail']>>({
      start: onFail,
      stop: onFail,
      monitor: onFail,
      promote: onFail,
      demote: onFail,
    }),
  ),
  startDelay: orDefault(duration),
  migrationThreshold: orDefault(number),
  failureTimeout: orDefault(duration),
  onDrift: optional(oneOf('repair', 'report')),
});

const anything: Check<unknown> = () => undefined;
const fields = record(anything);
const items = record(fields);

/** As far as it is gone through; what its items hold, those know who hold the same version. */
const intent: Check<RestorableIntent> = (value, place) =>
  object<Record<string, unknown>>({
    nodes: items,
    fenceDevices: items,
    pools: items,
    targets: items,
    hosts: items,
    luns: record(object<Record<string, unknown>>({ hosts: list(text) })),
    properties: fields,
    witness: optional(fields),
    resources: optional(items),
  })(value, place);

/** An intent that comes from outside, such as out of a file. */
export function readIntent(value: unknown): Result<RestorableIntent> {
  const wrong = intent(value, 'the configuration');
  return wrong === undefined ? success(value as RestorableIntent) : failed(failure('backup_damaged', wrong));
}

const witness: Check<WitnessIntent> = object<WitnessIntent>({
  address: text,
  tls: oneOf('off', 'on', 'required'),
  heuristics: optional(
    object<WitnessHeuristics>({
      mode: oneOf('on', 'sync'),
      timeout: duration,
      ping: list(text),
      programs: list(text),
    }),
  ),
});

/** A new command needs its check here, and another `PROTOCOL`: engines that do not know it would refuse it. */
const command: Check<Command> = byKind<Command>({
  'lun.create': {
    name: text,
    pool: text,
    target: text,
    size,
    thin: optional(oneOf(true)),
    hosts: list(text),
    readOnlyHosts: optional(list(text)),
    serial: text,
    from: optional(text),
    operation: text,
  },
  'lun.created': { name: text },
  'lun.createFailed': { name: text, failure: failureShape },
  'lun.delete': { name: text, snapshots: optional(oneOf(true)), operation: text },
  'lun.deleted': { name: text },
  'lun.grow': { name: text, size, operation: text },
  'lun.grown': { name: text, operation: text },
  'lun.growFailed': { name: text, operation: text, failure: failureShape },
  'lun.rollback': {
    name: text,
    snapshot: text,
    discard: optional(oneOf(true)),
    serial: text,
    operation: text,
  },
  'lun.rolledBack': { name: text, operation: text },
  'lun.rollbackFailed': { name: text, operation: text, failure: failureShape },
  'snapshot.create': { name: text, serial: text, operation: text },
  'snapshot.created': { name: text, operation: text },
  'snapshot.createFailed': { name: text, operation: text, failure: failureShape },
  'snapshot.delete': { name: text, operation: text },
  'snapshot.deleted': { name: text, operation: text },
  'node.power-on': { node: text, operation: text },
  'pool.initialised': { name: text },
  'pool.solo': { name: text, node: optional(text) },
  'cluster.carriedOn': { without: list(text) },
  'operation.finished': { id: text, failure: optional(failureShape) },
  'host.create': {
    host: object<Extract<Command, { kind: 'host.create' }>['host']>({
      name: text,
      initiators: list(text),
      chap: optional(chap),
      mutualChap: optional(chap),
    }),
  },
  'host.set': {
    name: text,
    change: object<HostChange>({
      initiators: optional(list(text)),
      chap: orDefault(chap),
      mutualChap: orDefault(chap),
    }),
  },
  'host.delete': { name: text },
  'lun.map': { name: text, host: text, readOnly: flag },
  'lun.unmap': { name: text, host: text },
  'portal.add': {
    name: text,
    portal: object<Pick<Portal, 'address' | 'prefix'>>({ address: text, prefix: whole }),
  },
  'portal.remove': { name: text, address: text },
  'portal.removed': { name: text, address: text },
  'node.set': {
    node: text,
    standby: optional(flag),
    maintenance: optional(flag),
    fenceAction: orDefault(oneOf(...fenceActions)),
  },
  'cluster.set': { maintenance: optional(flag), fenceAction: optional(oneOf(...fenceActions)) },
  'resource.set': { resource: text, policy },
  'witness.add': {
    witness,
    secrets: optional(object<WitnessCredentials>({ authority: text, identity: text })),
    operation: text,
  },
  'witness.remove': { operation: text },
  'witness.step': { operation: text, phase: witnessPhase },
  'witness.changed': { operation: text },
  'witness.failed': { operation: text, failure: failureShape },
  'node.replace': {
    node: text,
    machine: optional(oneOf(true)),
    secrets: optional(object<RenewedKeys>({ authkey: text, token: text })),
    disks: record(text),
    overwrite: optional(list(text)),
    operation: text,
  },
  'replace.away': { operation: text },
  'replace.fill': { operation: text, sizes: record(size) },
  'replace.done': { operation: text },
  'pool.split': {
    name: text,
    relation: oneOf('split', 'unrelated'),
    generations: record(text),
    primary: optional(text),
  },
  'pool.joined': { name: text },
  'pool.recover': { name: text, discard: text, operation: text },
  'recover.step': { name: text, operation: text, phase: oneOf('victim', 'survivor', 'meet') },
  'recover.done': { name: text, operation: text },
  'recover.failed': { name: text, operation: text, failure: failureShape },
  'config.restore': {
    revision: whole,
    intent,
    saved: optional(object<BackupOrigin>({ clusterName: text })),
  },
  'fence.test': { node: text, level: whole, dry: optional(oneOf(true)) },
  'fence.dark': { node: text, took: duration },
  'fence.tested': { node: text, failure: optional(failureShape) },
  'fence.waive': { node: text, reason: optional(text) },
  'fence.recorded': {
    fencing: object<Extract<Command, { kind: 'fence.recorded' }>['fencing']>({
      node: text,
      boot: optional(text),
      revision: whole,
      reason: text,
      by: optional(text),
      devices: list(text),
      attempts: whole,
      took: duration,
      devicesTook: duration,
    }),
  },
});

export const logEntry: Check<LogEntry> = object<LogEntry>({
  id: text,
  at: duration,
  generation: whole,
  by: text,
  command,
  condition: optional(object<Condition>({ section: oneOf(...taggedSections), name: text, tags: list(text) })),
  key: optional(object<EntryKey>({ key: text, request: text })),
});
