import type { IpmiSettings, LibvirtSettings, PduSettings } from './fence-device.ts';
import type { NodeName } from './intent.ts';

type Without<Settings, Name extends PropertyKey> = Settings extends unknown ? Omit<Settings, Name> : never;

/** How a device is reached that is to say what it can switch. Holds secrets. */
export type DiscoverySettings =
  | IpmiSettings
  | Without<PduSettings, 'outlets'>
  | Omit<LibvirtSettings, 'domain'>
  /** By their path on the node that looks. */
  | { readonly kind: 'sbd'; readonly disks: readonly string[] };

/** Something that the device switches: an outlet, a machine, a board's own server, a slot. */
export interface DiscoveredOutlet {
  /** As a cluster file would name it. */
  readonly name: string;
  /** Where the device has a number or a UUID for it, too. */
  readonly id?: string | undefined;
  readonly power?: 'on' | 'off' | undefined;
}

/** What a device says when it is asked; nothing is changed by that. */
export interface Discovered {
  /** What it is, in one line. */
  readonly about: string;
  readonly outlets: readonly DiscoveredOutlet[];
}

/** What would put the node out, without secrets: part of its `fence` in a cluster file. */
export interface FenceProposal {
  readonly node: NodeName;
  readonly fence: Readonly<Record<string, string | number | readonly string[]>>;
}

export interface DiscoveryView extends Discovered {
  readonly proposals: readonly FenceProposal[];
  /** Why a node has no proposal, and what should be looked at. */
  readonly notes: readonly string[];
}
