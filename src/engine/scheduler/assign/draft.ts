import type { Colocation, Contribution, Scored } from '../score/scored.ts';
import type { Node } from '../unpack/node.ts';
import type { Resource, Role } from '../unpack/resource.ts';
import type { ScoreEntry } from './assigned.ts';
import type { ChainPlace } from './chain.ts';
import type { Together } from './colocated-demand.ts';
import type { ScoreTable } from './score-table.ts';

/** One resource while the third phase runs. */
export interface ResourceDraft {
  readonly resource: Resource;
  /** Changes while colocations are counted in. */
  readonly scores: ScoreTable;
  /** Children in the order in which they are assigned; a clone's instances are sorted here. */
  readonly children: Resource[];
  /** Colocations that count when this one is assigned: those of its own, and those it takes over from its parent. */
  readonly thisWith: Colocation[];
  readonly withThis: Colocation[];
  node: Node | undefined;
  /** The score of that node when it was chosen; 0 where there was no choice. */
  nodeScore: number;
  /** Now; an instance of a promotable clone that counts as started is unpromoted. */
  role: Role;
  /** Of the definition; nothing is managed where fencing is asked for and there is no fence device. */
  isManaged: boolean;
  nextRole: Role;
  nextRoleReason: string | undefined;
  /** Was nowhere to go once, whatever came later. */
  wasUnplaced: boolean;
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
  /** Where it stands in a chain of colocations; 'none': in no chain; undefined: not looked at yet. */
  chain: ChainPlace | 'none' | undefined;
  /** Of those who are on the same node whatever happens; undefined: not looked at yet, or it depends. */
  together: Together | undefined;
}

/** One node while the third phase runs. */
export interface NodeDraft {
  readonly node: Node;
  /** What was assigned to it, primitives only. */
  readonly assigned: Set<Resource>;
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

export function draftOf(draft: AssignDraft, resource: Resource): ResourceDraft {
  const found = draft.resources[resource.index];
  if (found === undefined) throw new Error(`no draft of resource ${resource.id}`);
  return found;
}

export function nodeDraftOf(draft: AssignDraft, node: Node): NodeDraft {
  const found = draft.nodes[node.index];
  if (found === undefined) throw new Error(`no draft of node ${node.name}`);
  return found;
}
