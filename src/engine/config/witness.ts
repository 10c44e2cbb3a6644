import {
  assertNever,
  failed,
  failure,
  success,
  type ClusterConfig,
  type Failure,
  type Milliseconds,
  type OperationRecord,
  type Result,
  type WitnessChange,
  type WitnessCommand,
  type WitnessIntent,
  type WitnessPhase,
} from '../../model/index.ts';
import { leaveOut } from './leave-out.ts';
import { canonical } from './canonical.ts';
import { begin, finish } from './operations.ts';

/** How far a change is, for people. */
const PROGRESS: Readonly<Record<WitnessChange['kind'], Readonly<Partial<Record<WitnessPhase, string>>>>> = {
  'witness.add': {
    prepare: 'step 1 of 3: every node gets what it needs to ask the witness, and looks for it',
    write: 'step 2 of 3: every node writes its corosync.conf',
    apply: 'step 3 of 3: Corosync takes the new rules, and every node asks the witness for its vote',
  },
  'witness.remove': {
    write: 'step 1 of 2: every node writes its corosync.conf, with the rules for two nodes',
    apply: 'step 2 of 2: Corosync takes these rules, and the witness is asked no more',
  },
};

const ORDER: readonly WitnessPhase[] = ['prepare', 'write', 'apply'];

/** The witness that Corosync on a node is configured with, as far as the changes have come; undefined: none. */
export function configuredWitness({ witness, witnessChange }: ClusterConfig): WitnessIntent | undefined {
  if (witnessChange === undefined || witnessChange.phase === 'prepare') return witness;
  return witnessChange.kind === 'witness.add' ? witnessChange.witness : undefined;
}

/** Why this witness cannot be added; `present`: it is there, or is coming. Undefined: it can. */
export function hindranceToWitness(
  { nodes, witness, witnessChange }: ClusterConfig,
  wanted: WitnessIntent,
): Failure | 'present' | undefined {
  const taken = Object.values(nodes).find((node) =>
    [node.management, node.cluster, node.replication, ...(node.links ?? [])].includes(wanted.address),
  );
  if (taken !== undefined)
    return failure(
      'witness_invalid',
      `${wanted.address} is ${taken.name}’s: the witness must be a machine of its own`,
    );
  const isSame = (other: WitnessIntent): boolean => canonical(other) === canonical(wanted);
  if (witnessChange !== undefined)
    return witnessChange.kind === 'witness.add' && isSame(witnessChange.witness)
      ? 'present'
      : failure('witness_busy', inWords(witnessChange));
  if (witness === undefined) return undefined;
  if (isSame(witness)) return 'present';
  const differs =
    witness.address === wanted.address ? ', with another tls or other heuristics than these' : '';
  return failure('witness_exists', `the witness is ${witness.address}${differs}`);
}

const inWords = ({ kind, witness, operation }: WitnessChange): string =>
  `the witness ${witness.address} is being ${kind === 'witness.add' ? 'added' : 'removed'} (operation ${operation})`;

export function applyWitness(
  config: ClusterConfig,
  command: WitnessCommand,
  at: Milliseconds,
): Result<ClusterConfig> {
  switch (command.kind) {
    case 'witness.add':
      return add(config, command, at);
    case 'witness.remove':
      return success(remove(config, command.operation, at));
    case 'witness.step':
      return success(advance(config, command.operation, command.phase));
    case 'witness.changed':
      return success(settle(config, command.operation, at));
    case 'witness.failed':
      return success(giveUp(config, command.operation, command.failure, at));
    default:
      return assertNever(command);
  }
}

type Add = Extract<WitnessCommand, { kind: 'witness.add' }>;

function add(
  config: ClusterConfig,
  { witness, secrets, operation }: Add,
  at: Milliseconds,
): Result<ClusterConfig> {
  const hindrance = hindranceToWitness(config, witness);
  if (hindrance === 'present') return success(config);
  if (hindrance !== undefined) return failed(hindrance);
  const change: WitnessChange = {
    kind: 'witness.add',
    witness,
    phase: 'prepare',
    operation,
    ...(secrets && { secrets }),
  };
  return success(withChange(config, change, at));
}

/** One that only prepares is dropped; one that nodes may have written down already is taken back by the same way. */
function remove(config: ClusterConfig, operation: string, at: Milliseconds): ClusterConfig {
  const { witnessChange: change } = config;
  if (change?.kind === 'witness.remove') return config;
  const ended = failure('witness_removed', 'it was removed before every node went by the new rules');
  if (change?.phase === 'prepare') return giveUp(config, change.operation, ended, at);
  const witness = change?.witness ?? config.witness;
  if (witness === undefined) return config;
  const before = change === undefined ? config : finish(config, change.operation, at, ended);
  return withChange(before, { kind: 'witness.remove', witness, phase: 'write', operation }, at);
}

function withChange(config: ClusterConfig, change: WitnessChange, at: Milliseconds): ClusterConfig {
  const { kind, witness, operation: id } = change;
  const operation = { id, kind, subject: witness.address, ...progressOf(change) };
  return { ...config, witnessChange: change, operations: begin(config, operation, at) };
}

function progressOf({ kind, phase }: WitnessChange): Pick<OperationRecord, 'progress'> {
  const progress = PROGRESS[kind][phase];
  return progress === undefined ? {} : { progress };
}

/** The change of this operation; others are over, and what is told of them counts no more. */
const changeOf = ({ witnessChange }: ClusterConfig, operation: string): WitnessChange | undefined =>
  witnessChange?.operation === operation ? witnessChange : undefined;

function advance(config: ClusterConfig, operation: string, phase: WitnessPhase): ClusterConfig {
  const change = changeOf(config, operation);
  if (change === undefined || ORDER.indexOf(phase) <= ORDER.indexOf(change.phase)) return config;
  const next = { ...change, phase };
  const record = config.operations[operation];
  return {
    ...config,
    witnessChange: next,
    ...(record && { operations: { ...config.operations, [operation]: { ...record, ...progressOf(next) } } }),
  };
}

function settle(config: ClusterConfig, operation: string, at: Milliseconds): ClusterConfig {
  const change = changeOf(config, operation);
  if (change === undefined) return config;
  const rest = leaveOut(withoutChange(finish(config, operation, at, undefined)), 'witness');
  return change.kind === 'witness.add' ? { ...rest, witness: change.witness } : rest;
}

const giveUp = (config: ClusterConfig, operation: string, cause: Failure, at: Milliseconds): ClusterConfig =>
  changeOf(config, operation)?.phase === 'prepare'
    ? withoutChange(finish(config, operation, at, cause))
    : config;

const withoutChange = (config: ClusterConfig): ClusterConfig => leaveOut(config, 'witnessChange');
