import type { Finding } from '../../../model/index.ts';
import type { Node } from '../unpack/node.ts';
import type { Resource } from '../unpack/resource.ts';
import type { Unpacked } from '../unpack/unpacked.ts';
import type { Finder } from './find.ts';
import type { Colocation, Contribution, Discovery, LocationConstraint, ShutdownLock } from './scored.ts';

/** While the second phase runs, its values are filled in; everybody later sees them read-only. */
export interface ScoreDraft {
  readonly unpacked: Unpacked;
  readonly finder: Finder;
  /** By `resource.index`. */
  readonly tables: readonly Map<Node, number>[];
  /** In the order of the definition; they are applied backwards. */
  readonly locations: LocationConstraint[];
  readonly colocations: Colocation[];
  /** By `resource.index`. */
  readonly discovery: Map<number, Map<Node, Discovery>>;
  readonly exclusiveDiscovery: Set<number>;
  readonly contributions: Map<number, Contribution[]>;
  readonly locks: Map<number, ShutdownLock>;
  readonly brokenLocks: { readonly resource: Resource; readonly node: Node }[];
  readonly promotionBans: Set<number>;
  readonly frozen: Set<number>;
  readonly findings: Finding[];
}

export function tableOf(draft: ScoreDraft, resource: Resource): Map<Node, number> {
  const table = draft.tables[resource.index];
  if (table === undefined) throw new Error(`no score table of resource ${resource.id}`);
  return table;
}

/** Remembers a reason for a score, for people; a score of 0 is none. */
export function contribute(draft: ScoreDraft, resource: Resource, contribution: Contribution): void {
  if (contribution.score === 0) return;
  const known = draft.contributions.get(resource.index);
  if (known === undefined) draft.contributions.set(resource.index, [contribution]);
  else known.push(contribution);
}
