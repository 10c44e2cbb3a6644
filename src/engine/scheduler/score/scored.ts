import type { Finding } from '../../../model/index.ts';
import type { Node } from '../unpack/node.ts';
import type { Resource, Role } from '../unpack/resource.ts';
import type { Unpacked } from '../unpack/unpacked.ts';

/** Scores by node; 1,000,000 is infinity. A node that is absent may not be used at all. */
export type NodeScores = ReadonlyMap<Node, number>;

/** One reason for a score, for people. */
export interface Contribution {
  readonly kind:
    | 'location'
    | 'colocation'
    | 'stickiness'
    | 'failures'
    | 'health'
    | 'shutdown-lock'
    | 'history'
    | 'ticket'
    | 'capacity';
  /** The constraint or attribute it comes from. */
  readonly source: string;
  readonly node: Node;
  readonly score: number;
}

export interface LocationConstraint {
  /** Of the constraint, or of its rule; the strategy where it comes from a node's health. */
  readonly id: string;
  readonly kind: 'location' | 'health';
  readonly resource: Resource;
  /** `unknown` where the constraint counts for every role. */
  readonly role: Role;
  readonly scores: NodeScores;
  readonly discovery: Discovery | undefined;
}

export type Discovery = 'always' | 'never' | 'exclusive';

/** A resource waits for its node to come back. */
export interface ShutdownLock {
  readonly node: Node;
  /** Seconds since 1970. */
  readonly since: number;
}

export interface Colocation {
  readonly id: string;
  /** What follows, and what is followed. */
  readonly dependent: Resource;
  readonly primary: Resource;
  readonly score: number;
  /** `unknown` where every role counts. */
  readonly dependentRole: Role;
  readonly primaryRole: Role;
  /** Equal values of this node attribute count as the same place; `#uname` usually. */
  readonly nodeAttribute: string;
  /** Whether the dependent's wishes count when the primary is placed. */
  readonly influence: boolean;
}

/** The second phase: what each resource thinks of each node by itself, and who wants to be with whom. */
export interface Scored {
  readonly unpacked: Unpacked;
  /** By `resource.index`: locations, stickiness, failures, health, standby; without colocations. */
  readonly scores: readonly NodeScores[];
  readonly locations: readonly LocationConstraint[];
  /** Those whose role is promoted, by `resource.index` of whom they name. */
  readonly promotionLocations: ReadonlyMap<number, readonly LocationConstraint[]>;
  /** Where probes are (not) wanted: by `resource.index`, only what differs from 'always'. */
  readonly discovery: ReadonlyMap<number, ReadonlyMap<Node, Discovery>>;
  /** Resources for which some location says 'exclusive', by `resource.index`. */
  readonly exclusiveDiscovery: ReadonlySet<number>;
  readonly colocations: readonly Colocation[];
  /** By `resource.index` of the dependent, strongest first; and of the primary. */
  readonly colocationsOf: ReadonlyMap<number, readonly Colocation[]>;
  readonly colocationsWith: ReadonlyMap<number, readonly Colocation[]>;
  readonly contributions: ReadonlyMap<number, readonly Contribution[]>;
  /** By `resource.index`: those of the history that still hold, and new ones. */
  readonly locks: ReadonlyMap<number, ShutdownLock>;
  /** Locks of what runs again all the same: the lock's record on the node is to be erased. */
  readonly brokenLocks: readonly { readonly resource: Resource; readonly node: Node }[];
  /** By `resource.index`: may not be promoted anywhere, for want of a ticket. */
  readonly promotionBans: ReadonlySet<number>;
  /** By `resource.index`: left as they are, for want of a ticket. */
  readonly frozen: ReadonlySet<number>;
  /** Of this phase only. */
  readonly findings: readonly Finding[];
}
