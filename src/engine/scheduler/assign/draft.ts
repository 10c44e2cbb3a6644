import type { Contribution, Scored } from '../score/scored.ts';
import type { Node } from '../unpack/node.ts';
import type { Resource, Role } from '../unpack/resource.ts';
import type { ScoreEntry } from './assigned.ts';

/** One resource while the third phase runs. */
export interface ResourceDraft {
  readonly resource: Resource;
  /** Changes while colocations are counted in. */
  readonly scores: Map<Node, number>;
  node: Node | undefined;
  nextRole: Role;
  nextRoleReason: string | undefined;
  /** Not assigned yet. */
  isProvisional: boolean;
  /** Being assigned: guards against circles. */
  isAllocating: boolean;
  /** Its colocations are being counted: guards against circles. */
  isMerging: boolean;
  priority: number;
  /** Promotion order of instances: Pacemaker's sort_index; promotion score once that is known. */
  sortIndex: number;
  promotionScore: number | undefined;
  because: string;
  /** Beyond what the second phase found. */
  readonly contributions: Contribution[];
}

/** One node while the third phase runs. */
export interface NodeDraft {
  readonly node: Node;
  /** What was assigned to it, primitives only. */
  readonly assigned: Resource[];
  /** Capacity left. */
  readonly utilization: Map<string, number>;
}

export interface AssignDraft {
  readonly scored: Scored;
  /** By `resource.index`. */
  readonly resources: readonly ResourceDraft[];
  /** By `node.index`. */
  readonly nodes: readonly NodeDraft[];
  readonly scoreLog: ScoreEntry[];
}
