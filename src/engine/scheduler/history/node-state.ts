import type { NodeHistory } from '../../../model/index.ts';
import { isTrue } from '../rules/values.ts';
import type { Draft, DraftNode } from '../unpack/draft.ts';
import { findNode, findNodeById } from '../unpack/lookup.ts';
import { addNodeAttributes } from '../unpack/nodes.ts';
import { condemn } from './fencing.ts';
import { reportNodeHistory } from './findings.ts';
import { readOnline } from './online.ts';

/** The node that a record is about: by id, or else by name. */
export function nodeOf(draft: Draft, { id, uname }: NodeHistory): DraftNode | undefined {
  if (uname === undefined) return undefined;
  return findNodeById(draft, id) ?? findNode(draft, uname);
}

function readTransientAttributes(draft: Draft, node: DraftNode, { transient }: NodeHistory): void {
  addNodeAttributes(draft, node, transient, true);
  if (isTrue(node.attributes.get('standby'))) node.isStandby = true;
  if (isTrue(node.attributes.get('maintenance'))) node.isInMaintenance = true;
}

/** What is recorded of the node itself: attributes that live until it restarts, whether it is there, what it wants. */
export function readNodeState(draft: Draft, history: NodeHistory): void {
  const node = nodeOf(draft, history);
  if (node === undefined) {
    reportNodeHistory(draft, history);
    return;
  }
  // Nothing runs on remote nodes here.
  if (node.type === 'remote') return;
  readTransientAttributes(draft, node, history);
  // It was heard of; whether it is well is found out now.
  node.isUnclean = false;
  node.isUnseen = false;
  readOnline(draft, node, history.fields);
  const { isQuorate, noQuorumPolicy } = draft.settings;
  if (!isQuorate && node.isOnline && noQuorumPolicy === 'suicide') {
    condemn(draft, node, 'cluster does not have quorum');
  }
}
