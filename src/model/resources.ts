import type { NodeName } from './intent.ts';
import type { Milliseconds } from './units.ts';

/** Resources and constraints in Pacemaker's model: what the scheduler works on. */
export type ResourceId = string;

export type AgentName = 'drbd' | 'lvm' | 'lvm-snapshot' | 'lio-target' | 'lio-lun' | 'address';
export type FenceAgentName =
  'fence-agents' | 'fence-ipmi' | 'fence-libvirt' | 'fence-null' | 'fence-pdu' | 'fence-sbd' | 'fence-ssh';

/** `reload` brings what runs to other parameters, without a stop. `create`, `grow` and `remove` make, extend and destroy what a resource stands for (a volume, a mirror), `reconnect` has the two copies of a mirror meet again; they are ordered once, by intent: deeds. */
export type OperationName = 'start' | 'stop' | 'monitor' | 'promote' | 'demote' | 'reload' | DeedName;

export const deedNames = ['create', 'grow', 'remove', 'reconnect'] as const;
export type DeedName = (typeof deedNames)[number];

export const isDeed = (operation: OperationName): operation is DeedName =>
  deedNames.some((name) => name === operation);

export type ParameterValue = string | number | boolean | readonly string[] | Readonly<Record<string, string>>;
export type Parameters = Readonly<Record<string, ParameterValue>>;

export interface Primitive {
  readonly kind: 'primitive';
  readonly id: ResourceId;
  readonly agent: AgentName;
  readonly parameters: Parameters;
  /** Deadlines per operation. */
  readonly timeouts: Readonly<Record<OperationName, Milliseconds>>;
  readonly monitorInterval: Milliseconds;
  /** `stopped`: must not run anywhere, though it stays defined. */
  readonly targetRole: 'started' | 'stopped';
  /** Failures on a node from which on the resource may not run there. */
  readonly migrationThreshold: number;
}

/** One instance on every node; at most one of them promoted. */
export interface PromotableClone {
  readonly kind: 'promotable-clone';
  readonly id: ResourceId;
  readonly primitive: Primitive;
  /** `false`: instances run, none is promoted. */
  readonly mayPromote: boolean;
}

export type Resource = Primitive | PromotableClone;

/** 1,000,000 is infinity, as in Pacemaker. */
export const INFINITY = 1_000_000;

export interface Location {
  readonly resource: ResourceId;
  readonly role: 'started' | 'promoted';
  readonly node: NodeName;
  readonly score: number;
}

export interface Colocation {
  readonly resource: ResourceId;
  readonly with: ResourceId;
  readonly withRole: 'started' | 'promoted';
  readonly score: number;
  /** `false`: where `resource` cannot run, it stays stopped, and `with` does not move for its sake. */
  readonly influence: boolean;
}

/**
 * Symmetrical: stops go the other way round.
 * mandatory: `then` runs only while `first` does. optional: they are ordered only where both change in one transition.
 */
export interface Order {
  readonly kind: 'mandatory' | 'optional';
  readonly first: ResourceId;
  readonly firstAction: 'start' | 'promote';
  readonly then: ResourceId;
  readonly thenAction: 'start' | 'promote';
}

/** A thing to make, extend or destroy once, on the node where `where` has the role; ordered by intent that is not fulfilled yet. */
export interface Deed {
  readonly id: string;
  readonly resource: Primitive;
  readonly operation: DeedName;
  /** Only on a node where this resource is in this role; for `create` of a pool: where it is started. */
  readonly where: {
    readonly resource: ResourceId;
    readonly role: 'started' | 'promoted';
    readonly node: NodeName | undefined;
    /** And not before this one is known to be stopped on all nodes. */
    readonly stopped?: ResourceId;
  };
}

export interface Blueprint {
  readonly resources: readonly Resource[];
  readonly locations: readonly Location[];
  readonly colocations: readonly Colocation[];
  readonly orders: readonly Order[];
  readonly deeds: readonly Deed[];
}
