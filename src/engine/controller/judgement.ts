import { assertNever, failure, type Failure, type NodeName } from '../../model/index.ts';
import { change, nodeById } from './draft.ts';
import type { Envelope, Heard, Message, OperationAction } from './messages.ts';
import type { Draft, EngineState } from './state.ts';

/**
 * Whether a message counts, in a complete view: by what all members know alike. Undefined: it does, and nothing up to it
 * does again.
 */
export function judge(draft: Draft, from: number, envelope: Envelope): Failure | undefined {
  const { node, incarnation, count, message } = envelope;
  const stranger = whoIs(draft.state, from, node);
  if (stranger !== undefined) return stranger;
  const known = draft.state.heard[node];
  if (known === undefined || known.incarnation !== incarnation) {
    // A new life begins by telling what it knows.
    if (draft.state.view.complete && message.kind !== 'sync')
      return replayed('an earlier life of its engine');
  } else if (count <= known.count) return replayed('an earlier time');
  heardOf(draft, node, incarnation, count);
  return overreach(draft.state, node, message);
}

/** The same while the view is not complete, where nobody can know yet what the others had heard before. */
export function judgeEarly(state: EngineState, from: number, envelope: Envelope): Failure | undefined {
  const { node, message } = envelope;
  const stranger = nodeById(state, from) === undefined ? undefined : whoIs(state, from, node);
  if (stranger !== undefined) return stranger;
  const isOld = (heard: Heard | undefined): boolean =>
    heard?.incarnation === envelope.incarnation && envelope.count <= heard.count;
  if (isOld(state.heard[node]) || isOld(state.view.told[node])) return replayed('an earlier time');
  return overreach(state, node, message);
}

export const heardOf = (draft: Draft, node: NodeName, incarnation: string, count: number): void =>
  change(draft, { heard: { ...draft.state.heard, [node]: { incarnation, count } } });

/** A result for an action that is not in flight: late, for the second time, or never asked for. */
export const unasked = ({ id }: OperationAction): Failure =>
  failure('result_unasked', `it brings a result for '${id}', which nobody waits for`);

const replayed = (when: string): Failure => failure('message_replayed', `it is one of ${when}`);

function whoIs(state: EngineState, from: number, name: NodeName): Failure | undefined {
  const configured = nodeById(state, from)?.name;
  if (configured === undefined)
    return failure('message_foreign', `Corosync's node ${from} is no node of this cluster`);
  return configured === name
    ? undefined
    : failure(
        'node_renamed',
        `Corosync's node ${from} calls itself ${name}, and is configured as ${configured}`,
      );
}

/** What only another one than the sender can know, or may decide. */
function overreach(state: EngineState, sender: NodeName, message: Message): Failure | undefined {
  switch (message.kind) {
    case 'sync':
    case 'persisted':
    case 'report':
    case 'notice':
    case 'witness':
      return by(sender, message.node, `it tells of ${message.node}`);
    case 'outcome':
      return by(sender, message.action.node, `it tells of ${message.action.node}`);
    case 'fence-device':
    case 'fence-outcome':
      return by(sender, message.by, `it tells what ${message.by} found`);
    case 'order':
    case 'fence-order': {
      // One of another generation is refused for that.
      const { generation, controller } = state.view;
      return message.generation === generation
        ? by(sender, controller, `it is an order, and ${controller ?? 'nobody'} is the DC`)
        : undefined;
    }
    case 'agree':
    case 'resync':
    case 'heartbeat':
    case 'config':
    case 'propose':
    case 'leaving':
    case 'cleanup':
    case 'look':
    case 'fence-wanted':
    case 'fence-withdrawn':
      return undefined;
    default:
      return assertNever(message);
  }
}

const by = (sender: NodeName, who: NodeName | undefined, what: string): Failure | undefined =>
  sender === who ? undefined : failure('message_not_its_own', what);
