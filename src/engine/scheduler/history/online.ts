import { equalsIgnoringCase, isTrue } from '../rules/values.ts';
import type { Draft, DraftNode } from '../unpack/draft.ts';
import { condemn } from './fencing.ts';

type Fields = Readonly<Record<string, string>>;

/** Cause of fencing that priority-fencing-delay counts for. */
export const LOST = 'peer is no longer part of the cluster';

function isPeerUp(fields: Fields): boolean {
  return equalsIgnoringCase(fields['crmd'], 'online');
}

/** Without fencing nobody can be put out: whoever is not wholly there counts as down. */
function isOnlineUnfenced(draft: Draft, fields: Fields, node: DraftNode): boolean {
  if (!isTrue(fields['in_ccm'])) return false;
  if (isPeerUp(fields)) return equalsIgnoringCase(fields['join'], 'member');
  if (node.isExpectedUp) condemn(draft, node, 'peer is unexpectedly down');
  return false;
}

/** An administrator or a tool wants the node to be fenced: true, or the time of the wish. */
function isTerminationWanted(node: DraftNode): boolean {
  const wish = node.attributes.get('terminate');
  return wish !== undefined && (isTrue(wish) || /^[1-9]/.test(wish));
}

function waitForNode(node: DraftNode): void {
  node.isStandby = true;
  node.isPending = true;
}

/** With fencing, whoever should be there and is not must be fenced. */
function isOnlineFenced(draft: Draft, fields: Fields, node: DraftNode): boolean {
  const isInCluster = isTrue(fields['in_ccm']);
  const isUp = isPeerUp(fields);
  const { join } = fields;
  const isTerminated = isTerminationWanted(node);

  if (node.isShuttingDown) return isUp;
  if (fields['in_ccm'] === undefined) condemn(draft, node, 'peer has not been seen by the cluster');
  else if (equalsIgnoringCase(join, 'banned'))
    condemn(draft, node, 'peer failed Pacemaker membership criteria');
  else if (!isTerminated && equalsIgnoringCase(fields['expected'] ?? 'down', 'down')) {
    if (isInCluster || isUp) waitForNode(node);
  } else if (isTerminated && equalsIgnoringCase(join, 'down') && !isInCluster && !isUp) return false;
  else if (!isInCluster) condemn(draft, node, LOST);
  else if (!isUp) condemn(draft, node, 'peer process is no longer available');
  else if (isTerminated) condemn(draft, node, 'termination was requested');
  else if (equalsIgnoringCase(join, 'pending') || equalsIgnoringCase(join, 'down')) waitForNode(node);
  else if (!equalsIgnoringCase(join, 'member')) condemn(draft, node, 'peer was in an unknown state');
  return isInCluster;
}

/** A node asks to leave by its attribute `shutdown`: the time of the wish, 0 for none. */
function isShutdownWanted(node: DraftNode): boolean {
  const wish = node.attributes.get('shutdown');
  return wish !== undefined && wish !== '0';
}

/**
 * Whether a node takes part, from what is recorded of it: `in_ccm` (in the membership), `crmd` (its controller
 * answers), `join` (has joined this controller) and `expected` (should be there).
 */
export function readOnline(draft: Draft, node: DraftNode, fields: Fields): void {
  node.isShuttingDown = isShutdownWanted(node);
  node.isExpectedUp = !node.isShuttingDown && equalsIgnoringCase(fields['expected'], 'member');
  let isOnline = false;
  if (node.type === 'ping') node.isUnclean = false;
  else if (draft.settings.stonithEnabled) isOnline = isOnlineFenced(draft, fields, node);
  else isOnline = isOnlineUnfenced(draft, fields, node);
  if (isOnline) node.isOnline = true;
}
