import type { StorageNodeName } from '../../lab/topology.ts';
import type { Deed, Sign } from './phases.ts';
import type { StackName } from './results.ts';

/** A size that a stack does not come up with in the time it was given: that is a finding, and no failure of the bench. */
export class TooSlow extends Error {}

/** A SAN in the lab's machines, whoever operates it. */
export interface Stack {
  readonly name: StackName;
  /** The journal of a node that tells of its failovers: journalctl's own words. */
  readonly journal: readonly string[];
  /** Serves the first LUN; gives the WWID that multipath has for it. */
  serveFirst(): Promise<string>;
  /** Brings the SAN to so many LUNs: all served, both copies current. Never takes any away. */
  growTo(luns: number): Promise<void>;
  primary(): Promise<StorageNodeName>;
  /** Orders everything away from a node; returns when the order was taken, not when it was carried out. */
  order(node: StorageNodeName): Promise<void>;
  /** Waits until both nodes are online and hold the current data; after a move, the node may serve again first. */
  settle(deed: Deed, node: StorageNodeName): Promise<void>;
  /** What the taker's journal says of a failover, and what that of the other one says where it is alive. */
  signs(taker: StorageNodeName, other: StorageNodeName): Signs;
}

export interface Signs {
  readonly taker: readonly Sign[];
  readonly other: readonly Sign[];
}
