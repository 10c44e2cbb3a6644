import type { HostName, NodeName } from './intent.ts';

/** A way by which a host is connected to a target, as the node's kernel shows it. */
export interface SessionSeen {
  /** Who it is; absent where the kernel does not say whose connection it is. */
  readonly initiator?: string;
  /** Of the host; absent where it was not seen. */
  readonly address?: string;
  /** The target's address that the host is connected to; absent where it was not seen. */
  readonly portal?: string;
}

/** The same, for people. */
export interface SessionView extends SessionSeen {
  /** Absent: no host has this initiator. */
  readonly host?: HostName;
  readonly target: string;
  readonly node: NodeName;
}

/** Who is connected. */
export interface SessionsView {
  readonly sessions: readonly SessionView[];
  /** Targets of which a node could not be asked just now: what is listed of them is what was last known. */
  readonly unseen: readonly { readonly target: string; readonly node: NodeName }[];
}
