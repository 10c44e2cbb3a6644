import type { Node } from '../unpack/node.ts';
import type { Resource, Role } from '../unpack/resource.ts';
import type { NodeScores, Scored } from '../score/scored.ts';

/** Where one resource shall be. */
export interface Assignment {
  /** For primitives; undefined: nowhere. */
  readonly node: Node | undefined;
  /** For groups and clones: the nodes of their children. */
  readonly nodes: readonly Node[];
  readonly nextRole: Role;
  /** Why, where the role is not simply what the definition asks for ("unmanaged" is none): 'standby', 'no-quorum-policy', ... */
  readonly nextRoleReason: string | undefined;
  /** Final scores, everything counted. */
  readonly scores: NodeScores;
  /** Promotable instances: the score that decided, and whether it is to be promoted. */
  readonly promotionScore: number | undefined;
  /** Why it is there or nowhere, a clause for people. */
  readonly because: string;
}

/** One line of Pacemaker's score listing. */
export interface ScoreEntry {
  /** `pcmk__primitive_assign`, `pcmk__clone_allocate`, `pcmk__group_assign`, 'promotion score' for those. */
  readonly step: string;
  readonly resource: Resource;
  readonly node: Node | undefined;
  readonly score: number;
}

/** The third phase. */
export interface Assigned {
  readonly scored: Scored;
  /** By `resource.index`. */
  readonly assignments: readonly Assignment[];
  /** Capacity that is left, by node, where a placement strategy asks for it. */
  readonly remaining: ReadonlyMap<Node, ReadonlyMap<string, number>>;
  /** Empty unless `input.withScores`. */
  readonly scoreLog: readonly ScoreEntry[];
}
