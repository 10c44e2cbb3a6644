import type { Node } from '../unpack/node.ts';
import type { Resource, Role } from '../unpack/resource.ts';
import type { Contribution, NodeScores, Scored } from '../score/scored.ts';

/** Where one resource shall be. */
export interface Assignment {
  /** For primitives; undefined: nowhere. */
  readonly node: Node | undefined;
  /** For groups and clones: the nodes of their children. */
  readonly nodes: readonly Node[];
  /** Now, as this phase sees it: an instance of a promotable clone that counts as started is unpromoted. */
  readonly role: Role;
  /** Of the definition; nothing is managed where fencing is asked for and there is no fence device. */
  readonly isManaged: boolean;
  /** Members or instances, in the order in which they were dealt with last. */
  readonly children: readonly Resource[];
  readonly priority: number;
  /** It was settled at some time that it runs nowhere, even if a place was found later. Primitives only. */
  readonly wasUnplaced: boolean;
  readonly nextRole: Role;
  /** Why, where the role is not simply what the definition asks for ("unmanaged" is none): 'standby', 'no-quorum-policy', ... */
  readonly nextRoleReason: string | undefined;
  /** Final scores, everything counted. */
  readonly scores: NodeScores;
  /** Promotable instances: the score that decided, and whether it is to be promoted. */
  readonly promotionScore: number | undefined;
  /** Why it is there or nowhere, a clause for people. */
  readonly because: string;
  /** What this phase did to its scores (colocations, capacity), beyond what the second phase found. */
  readonly contributions: readonly Contribution[];
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
  /** Top-level resources, in the order in which they were assigned; later phases keep it. */
  readonly resources: readonly Resource[];
  /** By `resource.index`. */
  readonly assignments: readonly Assignment[];
  /** Capacity that is left, by node, where a placement strategy asks for it. */
  readonly remaining: ReadonlyMap<Node, ReadonlyMap<string, number>>;
  /** Empty unless `input.withScores`. */
  readonly scoreLog: readonly ScoreEntry[];
}
