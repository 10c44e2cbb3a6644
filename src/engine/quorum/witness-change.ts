import {
  assertNever,
  failure,
  milliseconds,
  within,
  type Command,
  type Failure,
  type NodeName,
  type OperationRecord,
  type NodeTask,
  type Result,
  type TaskPhase,
  type WitnessChange,
  type WitnessProgress,
  type WitnessTask,
} from '../../model/index.ts';
import { configuredWitness } from '../config/index.ts';
import { isOnDisk } from '../controller/configuration.ts';
import { change as set, changeNode, multicast, note, timer, uniqueName } from '../controller/draft.ts';
import type { Draft, EngineState } from '../controller/state.ts';
import { isOf, missing, quorumGate } from './quorum-gate.ts';

/** A node's part that has failed is tried again after this. */
const AGAIN = milliseconds(3000);

/** By the DC, at every step: what comes next of a change of the witness, as a change of the configuration. */
export function dueOfWitness({ config, status }: EngineState): readonly (readonly [string, Command])[] {
  const { witnessChange } = config.current;
  if (witnessChange === undefined) return [];
  const { next } = quorumGate(status, witnessChange);
  return next === undefined ? [] : [[`${next.kind} ${witnessChange.operation} ${witnessChange.phase}`, next]];
}

/**
 * This node's part, at every step: also without quorum, which may be wanting just because the witness has no vote yet.
 * Nothing is done before the change is on this node's disk, so that an engine that comes after this one goes on with it.
 */
export function followWitness(draft: Draft): void {
  const { state } = draft;
  const { witnessChange } = state.config.current;
  const part =
    keysPart(state) ?? (witnessChange && { ...witnessChange, task: () => taskOf(state, witnessChange) });
  if (part === undefined || state.witnessWork !== undefined) return;
  if (!state.transportUp || !isOnDisk(state.config) || isBegun(state, part)) return;
  const work = uniqueName(draft, 'witness');
  const { operation, phase } = part;
  set(draft, { witnessWork: { work, operation, phase, state: 'under-way' } });
  draft.effects.push({ kind: 'witness', work, task: part.task() });
}

interface Part {
  readonly operation: string;
  readonly phase: TaskPhase;
}

/** While a machine is replaced: every other node takes the new keys. What changes of a witness waits for the node anyway. */
function keysPart({ config, self }: EngineState): (Part & { readonly task: () => NodeTask }) | undefined {
  const { replacement } = config.current;
  if (replacement?.phase !== 'keys' || replacement.node === self) return undefined;
  const { operation, secrets } = replacement;
  return secrets && { operation, phase: 'keys', task: () => ({ kind: 'keys', ...secrets }) };
}

/** It is done with its part, or is not to try again. */
function isBegun({ status, self }: EngineState, change: Part): boolean {
  const told = status.nodes[self]?.witness;
  return isOf(told, change) && (change.phase === 'prepare' || told.failure === undefined);
}

function taskOf(
  { config: { current }, status, self, view }: EngineState,
  change: WitnessChange,
): WitnessTask {
  const nodes = Object.keys(current.nodes).length;
  const witness = configuredWitness(current);
  switch (change.phase) {
    case 'prepare': {
      const { clusterName } = current;
      return { kind: 'prepare', clusterName, witness: change.witness, secrets: change.secrets };
    }
    case 'write':
      return { kind: 'write', nodes, witness };
    case 'apply': {
      const isController = view.complete && view.controller === self;
      const reload = isController && quorumGate(status, change).mayReload;
      return { kind: 'apply', nodes, id: current.nodes[self]?.id ?? 0, witness, reload };
    }
    default:
      return assertNever(change.phase);
  }
}

/** The answer to this node's part: told to all. A failure is told too, and the part tried again. */
export function onWitnessDone(draft: Draft, work: string, result: Result<void>): void {
  const { witnessWork, self } = draft.state;
  if (witnessWork?.work !== work) return;
  const { operation, phase } = witnessWork;
  const cause = result.ok ? undefined : result.failure;
  if (cause !== undefined) note(draft, 'warn', `${phase} of ${operation}: ${cause.message}`);
  set(draft, { witnessWork: { ...witnessWork, state: 'over' } });
  multicast(draft, { kind: 'witness', node: self, operation, phase, failure: cause });
  timer(draft, 'witness', AGAIN);
}

/** Where what was told was heard, there is nothing to be done again. */
export const onWitnessTimer = (draft: Draft): void =>
  draft.state.witnessWork?.state === 'over' ? set(draft, { witnessWork: undefined }) : undefined;

/** What a node says of itself. */
export function onWitnessTold(
  draft: Draft,
  node: NodeName,
  { operation, phase, failure: cause }: WitnessProgress,
): void {
  changeNode(draft, node, (status) => ({
    ...status,
    witness: { operation, phase, ...(cause && { failure: cause }) },
  }));
  const { witnessWork, self } = draft.state;
  const isOwn = node === self && witnessWork?.operation === operation && witnessWork.phase === phase;
  // The next phase begins at once; what has failed waits for its time.
  if (isOwn && cause === undefined && witnessWork.state === 'over') set(draft, { witnessWork: undefined });
}

/** With what holds it up just now. */
export function operationView(state: EngineState, record: OperationRecord): OperationRecord {
  const { witnessChange } = state.config.current;
  if (record.state !== 'running' || witnessChange?.operation !== record.id) return record;
  const cause = holdUp(state, witnessChange);
  return cause === undefined ? record : { ...record, progress: `${record.progress ?? ''}; ${cause.message}` };
}

/** Why it does not get on; undefined: it does, or has only begun. */
export function holdUp({ status }: EngineState, change: WitnessChange): Failure | undefined {
  for (const [name, { witness }] of Object.entries(status.nodes))
    if (isOf(witness, change) && witness.failure !== undefined) return within(name, witness.failure);
  const absent = missing(status);
  return absent === undefined ? undefined : failure(absent.code, `${absent.message}: it waits for that node`);
}
