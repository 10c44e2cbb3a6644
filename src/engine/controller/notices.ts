import type { Failure, NodeName } from '../../model/index.ts';
import { changeNode, multicast, sentence, tell, without } from './draft.ts';
import type { Draft } from './state.ts';

/** Keys kept for one node; what comes after is only logged where it was noticed. */
const MOST_KEYS = 50;

/**
 * Something on this node that a person should know of, or (`undefined`) that is over. Only what is new is told. It is
 * part of what this node says of itself, so that it is not lost while nobody hears it.
 */
export function onNotice(draft: Draft, key: string, failure: Failure | undefined): void {
  const { self, status } = draft.state;
  const known = status.nodes[self]?.notices?.[key]?.failure;
  if (known?.code === failure?.code && known?.message === failure?.message) return;
  note(draft, self, key, failure);
  multicast(draft, { kind: 'notice', node: self, key, failure });
}

/** What a node says of itself: its own word is already noted. */
export function onNoticed(draft: Draft, node: NodeName, key: string, failure: Failure | undefined): void {
  if (node !== draft.state.self) note(draft, node, key, failure);
}

function note(draft: Draft, node: NodeName, key: string, failure: Failure | undefined): void {
  const before = draft.state.status.nodes[node]?.notices ?? {};
  if (failure === undefined) {
    if (before[key] === undefined) return;
    changeNode(draft, node, (status) => ({ ...status, notices: without(before, key) }));
    return tell(
      draft,
      'node.notice',
      { node, subject: key },
      `${node}: it is over: ${sentence(before[key].failure)}`,
    );
  }
  if (before[key] === undefined && Object.keys(before).length >= MOST_KEYS) return;
  const since = before[key]?.failure.code === failure.code ? before[key].since : draft.now;
  changeNode(draft, node, (status) => ({ ...status, notices: { ...before, [key]: { since, failure } } }));
  tell(draft, 'node.notice', { node, subject: key }, `${node}: ${sentence(failure)}`);
}
