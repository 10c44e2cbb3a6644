import type { Draft, DraftNode } from '../unpack/draft.ts';

/** From now on the node must be fenced before anything of it starts elsewhere. The first cause is the one told. */
export function condemn({ condemned }: Draft, node: DraftNode, reason: string): void {
  if (node.isUnclean) return;
  node.isUnclean = true;
  condemned.push(node);
  node.uncleanReasons.push(reason);
}

/** Fencing is on, there is a device, and this partition may: it has quorum, needs none, or the node is part of it. */
export function canFence({ settings }: Draft, node: DraftNode): boolean {
  if (!settings.stonithEnabled || !settings.hasFenceDevice) return false;
  return settings.isQuorate || settings.noQuorumPolicy === 'ignore' || node.isOnline;
}
