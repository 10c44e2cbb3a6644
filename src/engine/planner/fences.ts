import type { Action, ActionId, NodeName } from '../../model/index.ts';
import type { Nodes } from './nodes.ts';

export type Fence = Extract<Action, { kind: 'fence' }>;

/** Who is fenced, and why; only with quorum (S3). */
export const fencesOf = ({ condemned, mayFence }: Pick<Nodes, 'condemned' | 'mayFence'>): readonly Fence[] =>
  mayFence
    ? [...condemned].map(([node, reason]) => ({
        kind: 'fence',
        id: fenceId(node),
        node,
        reason: asSentence(reason),
      }))
    : [];

const fenceId = (node: NodeName): ActionId => `fence ${node}`;

/** Not capitalised: it often begins with a name. */
export const asSentence = (clause: string): string => (clause.endsWith('.') ? clause : `${clause}.`);
