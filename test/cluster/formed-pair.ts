import { expect } from 'vitest';
import { milliseconds } from '../../src/model/index.ts';
import type { TransportEvent } from '../../src/ports/index.ts';
import { startMember } from './member-process.ts';
import type { Member } from './member-process.ts';
import { startNodes } from './nodes.ts';
import type { ClusterNode, Nodes } from './nodes.ts';

export interface Pair {
  readonly cluster: Nodes;
  readonly node1: ClusterNode;
  readonly node2: ClusterNode;
  readonly one: Member;
  readonly two: Member;
}

/** Two nodes with an engine each, all of them together and quorate; whoever asks closes the cluster. */
export async function formPair(): Promise<Pair> {
  const cluster = await startNodes(2, { token: milliseconds(1000) });
  try {
    const [node1, node2] = cluster.nodes as [ClusterNode, ClusterNode];
    const [one, two] = await Promise.all([startMember(node1), startMember(node2)]);
    await Promise.all([formed(one, [1, 2]), formed(two, [1, 2])]);
    return { cluster, node1, node2, one, two };
  } catch (error) {
    await cluster.close();
    throw error;
  }
}

export const membersOf = (event: { members: readonly { node: number }[] }): number[] =>
  event.members.map(({ node }) => node).sort();

/** Waits until the member's last view and quorum are of exactly these nodes. */
export async function formed(member: Member, nodes: readonly number[]): Promise<void> {
  const last = <Kind extends TransportEvent['kind']>(kind: Kind) =>
    member.events.findLast((event) => event.kind === kind) as
      Extract<TransportEvent, { kind: Kind }> | undefined;
  await expect
    .poll(
      () => {
        const view = last('view');
        const ring = last('ring');
        const quorum = last('quorum');
        return {
          members: view && membersOf(view),
          ring: ring?.nodes.toSorted(),
          quorate: quorum?.quorate === true && quorum.ring.sequence === ring?.ring.sequence,
        };
      },
      { timeout: 20_000, interval: 20 },
    )
    .toEqual({ members: nodes, ring: nodes, quorate: true });
  member.skip();
}

export const payloadsOf = (member: Member): string[] =>
  member.events.flatMap((event) => (event.kind === 'message' ? [`${event.node}:${event.payload}`] : []));
