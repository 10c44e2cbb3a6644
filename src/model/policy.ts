import type { FenceAction, NodeName } from './intent.ts';
import type { OperationName, ResourceId } from './resources.ts';
import type { Milliseconds } from './units.ts';

/** What a failed operation leads to, in Pacemaker's meaning ("Pacemaker Explained", `on-fail`). */
export const onFailValues = ['ignore', 'block', 'stop', 'restart', 'demote', 'fence', 'standby'] as const;
export type OnFail = (typeof onFailValues)[number];

/** Operations that have an `on-fail`: what is made or destroyed once has none. */
export const failingOperations = [
  'start',
  'stop',
  'monitor',
  'promote',
  'demote',
] as const satisfies readonly OperationName[];
export type FailingOperation = (typeof failingOperations)[number];

/** What an operator asked for beyond what the intent makes of a resource. Absent: the default. */
export interface ResourcePolicy {
  /** `false`: looked at, and otherwise left alone. */
  readonly managed?: false;
  /** Left alone, and not even looked at. */
  readonly maintenance?: true;
  /** It stays defined and runs nowhere. */
  readonly targetRole?: 'stopped';
  readonly onFail?: Readonly<Partial<Record<FailingOperation, OnFail>>>;
  /** An ordered start begins so much later. */
  readonly startDelay?: Milliseconds;
  /** Failures on a node from which on it may not run there. */
  readonly migrationThreshold?: number;
  /** Failures are forgotten after this. */
  readonly failureTimeout?: Milliseconds;
  /** What somebody changed behind the engine's back is told and left as it is; by default it is put right. */
  readonly onDrift?: 'report';
}

/** A change of a policy: what is absent stays as it is, `null` gives back the default. */
export interface PolicyChange {
  readonly managed?: boolean | undefined;
  readonly maintenance?: boolean | undefined;
  readonly targetRole?: 'started' | 'stopped' | undefined;
  readonly onFail?: Readonly<Partial<Record<FailingOperation, OnFail | null | undefined>>> | undefined;
  readonly startDelay?: Milliseconds | null | undefined;
  readonly migrationThreshold?: number | null | undefined;
  readonly failureTimeout?: Milliseconds | null | undefined;
  readonly onDrift?: 'repair' | 'report' | undefined;
}

/** The changes of what nodes, the cluster and resources are asked; `engine/config/policy.ts` applies them. */
export type PolicyCommand =
  | {
      readonly kind: 'node.set';
      readonly node: NodeName;
      readonly standby?: boolean | undefined;
      readonly maintenance?: boolean | undefined;
      /** `null`: the cluster's. */
      readonly fenceAction?: FenceAction | null | undefined;
    }
  | {
      readonly kind: 'cluster.set';
      readonly maintenance?: boolean | undefined;
      readonly fenceAction?: FenceAction | undefined;
    }
  | { readonly kind: 'resource.set'; readonly resource: ResourceId; readonly policy: PolicyChange };
