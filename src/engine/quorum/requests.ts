import {
  failed,
  failure,
  success,
  type OperationView,
  type ReplyOf,
  type Result,
  type WitnessCredentials,
  type WitnessIntent,
} from '../../model/index.ts';
import { hindranceToWitness } from '../config/index.ts';
import { reply, uniqueName } from '../controller/draft.ts';
import type { Draft, EngineState } from '../controller/state.ts';
import { submit } from '../controller/submit.ts';
import { missing } from './quorum-gate.ts';
import { operationView } from './witness-change.ts';

/** As the daemon asks, which knows the witness by then. */
export interface WitnessRequest {
  readonly witness: WitnessIntent;
  readonly secrets?: WitnessCredentials | undefined;
  /** Only says whether it may be: `isNew` where it would be begun. */
  readonly dryRun?: boolean | undefined;
}

export type WitnessAnswer = ReplyOf<'witness.add'> & { readonly isNew?: true };

export function addWitness(draft: Draft, id: number, { witness, secrets, dryRun }: WitnessRequest): void {
  const { state } = draft;
  const hindrance = hindranceToWitness(state.config.current, witness);
  if (hindrance !== undefined && hindrance !== 'present') return reply(draft, id, failed(hindrance));
  if (hindrance === undefined) {
    const refusal = mayNotBegin(state);
    if (refusal !== undefined) return reply(draft, id, refusal);
  }
  if (dryRun === true) {
    const isNew = hindrance === undefined ? { isNew: true as const } : {};
    return reply(draft, id, success({ ...operationOf(state, 'witness.add'), ...isNew }));
  }
  const operation = uniqueName(draft, 'operation');
  submit(draft, id, 'witness.add', operation, {
    kind: 'witness.add',
    witness,
    ...(secrets && { secrets }),
    operation,
  });
}

export function removeWitness(draft: Draft, id: number): void {
  const { state } = draft;
  const { witness, witnessChange } = state.config.current;
  if (witness === undefined && witnessChange === undefined)
    return reply(draft, id, success({ operation: undefined }));
  // What was begun goes on when the node is back, or is ended so; only a new change is not begun without it.
  if (witnessChange === undefined) {
    const refusal = mayNotBegin(state);
    if (refusal !== undefined) return reply(draft, id, refusal);
  }
  const operation = uniqueName(draft, 'operation');
  submit(draft, id, 'witness.remove', operation, { kind: 'witness.remove', operation });
}

function mayNotBegin(state: EngineState): Result<never> | undefined {
  if (!state.view.complete)
    return failed(failure('not_synchronised', 'the nodes are exchanging their state just now'));
  if (state.ring.quorate !== true) return failed(failure('no_quorum', 'nothing is changed without quorum'));
  const absent = missing(state.status);
  return absent === undefined ? undefined : failed(absent);
}

/** The one of this name; where it was not begun because the same was asked for before, the one that is under way. */
export function operationOf(
  state: EngineState,
  kind: 'witness.add' | 'witness.remove',
  name = '',
): { readonly operation: OperationView | undefined } {
  const { witnessChange, operations } = state.config.current;
  const present = witnessChange?.kind === kind ? operations[witnessChange.operation] : undefined;
  const record = operations[name] ?? present;
  return { operation: record && operationView(state, record) };
}
