import {
  failed,
  failure,
  milliseconds,
  success,
  type Failure,
  type NodeName,
  type RequestOf,
} from '../../model/index.ts';
import { multicast, reply } from '../controller/draft.ts';
import { pend } from '../controller/submit.ts';
import type { Draft, EngineState } from '../controller/state.ts';
import { lifeOf } from './life.ts';

/**
 * A person's word for a fence device's. It counts as proof (S2), so it is taken only of a node of which nobody hears
 * anything, and only in words that say what was seen. A fencing that is under way ends with it.
 */
export function confirmOff(draft: Draft, id: number, wanted: RequestOf<'node.confirm-off'>): void {
  const { state } = draft;
  const { name } = wanted;
  const refusal = refusalOf(state, wanted);
  if (refusal !== undefined) return reply(draft, id, failed(refusal));
  if (state.status.nodes[name]?.state === 'offline') return reply(draft, id, success({ node: name }));
  pend(draft, id, { kind: 'node.confirm-off', waitsFor: { kind: 'off', target: name } });
  multicast(draft, {
    kind: 'fence-outcome',
    target: name,
    by: state.self,
    outcome: { confirmed: true, devices: [], took: milliseconds(0) },
    life: lifeOf(state, name),
  });
}

/** The word has come into the order of all that happens: it counted, or the node has been heard of before it came. */
export function answerConfirmed(draft: Draft, target: NodeName): void {
  const isOff = draft.state.status.nodes[target]?.state === 'offline';
  const result = isOff
    ? success({ node: target })
    : failed(failure('node_not_lost', `${target} has been heard of meanwhile; look again`));
  for (const [id, { waitsFor }] of Object.entries(draft.state.requests))
    if (waitsFor.kind === 'off' && waitsFor.target === target) reply(draft, Number(id), result);
}

function refusalOf(
  { status, view }: EngineState,
  { name, acknowledgement }: RequestOf<'node.confirm-off'>,
): Failure | undefined {
  const node = status.nodes[name];
  if (node === undefined) return failure('node_not_found', `there is no node ${name}`);
  if (!view.complete) return failure('not_synchronised', 'the nodes are exchanging their state just now');
  if (!status.quorate) return failure('no_quorum', 'without quorum nothing is taken over');
  if (node.state === 'offline') return undefined;
  if (node.state !== 'lost') return failure('node_not_lost', `${name} is ${node.state}`);
  const words = `${name} is off`;
  return acknowledgement === words
    ? undefined
    : failure('acknowledgement_missing', `the words are: ${words}`);
}
