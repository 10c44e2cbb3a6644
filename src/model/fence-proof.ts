import type { Failure } from './failure.ts';
import type { NodeName } from './intent.ts';
import type { Milliseconds } from './units.ts';

/** A trial of what puts a node out. All times of day are by the clock of the node that wrote them. */
export interface FenceTest {
  /** The level of devices that is tried, alone. */
  readonly level: number;
  /** All but the switch: every device is asked. */
  readonly dry?: true;
  /** `dark`: the node is off, confirmed and seen; it is waited for. */
  readonly state: 'running' | 'dark' | 'passed' | 'failed';
  readonly startedAt: Milliseconds;
  /** Of the configuration that did not know of it yet: what was confirmed until then is not of this test. */
  readonly revision: number;
  readonly finishedAt?: Milliseconds | undefined;
  /** What the devices took to put it out; undefined before, and in a dry test. */
  readonly took?: Milliseconds | undefined;
  readonly failure?: Failure | undefined;
}

/** A device has put its node out, seen from outside, and the node has come back. */
export interface FenceProof {
  readonly testedAt: Milliseconds;
  /** What the devices of its level took together. */
  readonly took: Milliseconds;
}

/** Somebody takes the responsibility for a node whose fencing was never seen to work. */
export interface FenceWaiver {
  readonly at: Milliseconds;
  readonly reason: string;
}

/** A node that was put out. */
export interface Fencing {
  readonly node: NodeName;
  /** The life of it that was ended, as its kernel calls it; undefined where nobody had heard of any. */
  readonly boot: string | undefined;
  /** Of the configuration when that was confirmed: a device that lies ends one life more than once. */
  readonly revision: number;
  readonly at: Milliseconds;
  readonly reason: string;
  /** Who did it. */
  readonly by: NodeName | undefined;
  /** The devices that confirmed it; none: a person did. */
  readonly devices: readonly string[];
  readonly attempts: number;
  /** From the first order to the confirmation. */
  readonly took: Milliseconds;
  /** What the devices themselves took of that, in the attempt that succeeded. */
  readonly devicesTook: Milliseconds;
}

/** What experience has shown of the fencing. */
export interface FencingRecord {
  /** The last test of each node, or the one that is under way. */
  readonly tests: Readonly<Record<NodeName, FenceTest>>;
  /** By the device. */
  readonly proofs: Readonly<Record<string, FenceProof>>;
  readonly waivers: Readonly<Record<NodeName, FenceWaiver>>;
  /** Newest last. */
  readonly history: readonly Fencing[];
}

/** The ways to change it. */
export type FencingCommand =
  | { readonly kind: 'fence.test'; readonly node: NodeName; readonly level: number; readonly dry?: true }
  | { readonly kind: 'fence.dark'; readonly node: NodeName; readonly took: Milliseconds }
  | { readonly kind: 'fence.tested'; readonly node: NodeName; readonly failure?: Failure | undefined }
  /** Without a reason the waiver ends. */
  | { readonly kind: 'fence.waive'; readonly node: NodeName; readonly reason?: string | undefined }
  | { readonly kind: 'fence.recorded'; readonly fencing: Omit<Fencing, 'at'> };
