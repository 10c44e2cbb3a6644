import type { NodeName } from './intent.ts';
import { milliseconds, type Milliseconds } from './units.ts';

/** A management board reached by IPMI over LAN. */
export interface IpmiSettings {
  readonly kind: 'ipmi';
  readonly address: string;
  readonly port: number;
  readonly username: string;
  /** Secret, as all passwords, keys and communities here: in files that only root reads, never in a status or a log. */
  readonly password: string;
}

/** Outlets of a power distribution unit, switched by SNMP. */
export type PduSettings = {
  readonly kind: 'pdu';
  readonly address: string;
  readonly port: number;
  readonly family: PduFamily;
  /** All that feed the node, by their names on the unit; `#3` is the third one. */
  readonly outlets: readonly string[];
} & (
  | { readonly version: '1' | '2c'; readonly community: string }
  | {
      readonly version: '3';
      readonly username: string;
      readonly authentication: SnmpAuthentication;
      readonly authenticationKey: string;
      readonly privacy: SnmpPrivacy;
      /** Undefined where `privacy` is none. */
      readonly privacyKey?: string | undefined;
    }
);

export type PduFamily = 'apc' | 'apc-masterswitch' | 'cyberpower' | 'eaton' | 'raritan';
export type SnmpAuthentication = 'md5' | 'sha' | 'sha224' | 'sha256' | 'sha384' | 'sha512';
export type SnmpPrivacy = 'none' | 'des' | 'aes' | 'aes256b' | 'aes256r';

/** The hypervisor of a node that is a virtual machine. */
export interface LibvirtSettings {
  readonly kind: 'libvirt';
  readonly uri: string;
  /** Name or UUID of the machine. */
  readonly domain: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** Any `fence_*` program of Debian's fence-agents. */
export interface AgentsSettings {
  readonly kind: 'agents';
  readonly program: string;
  readonly options: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/** A message on disks that all nodes share: the node's own `sbd` daemon obeys it, or its watchdog resets the node. */
export interface SbdSettings {
  readonly kind: 'sbd';
  /** One or three, by their path on every node, with the UUID in the header. */
  readonly disks: Readonly<Record<string, string>>;
  /** The watchdog's device on the node. */
  readonly watchdog: string;
  /** A node that has not been told for so long that all is well is reset; whole seconds, as in the disks' headers. */
  readonly watchdogTimeout: Milliseconds;
}

/** The node is asked to end itself: where it hangs, or cannot be reached, nobody puts it out. Never for data of worth. */
export interface SshSettings {
  readonly kind: 'ssh';
  readonly testOnly: true;
  readonly address: string;
  readonly port: number;
  readonly username: string;
  /** Path of the private key on the node that uses it. */
  readonly identityFile: string;
  /** Path of the file with the host's key; absent: root's own. */
  readonly knownHosts?: string | undefined;
}

/** Says that the node is off, and does nothing: both nodes may write. Never for data of worth. */
export interface NullSettings {
  readonly kind: 'null';
  readonly testOnly: true;
}

export type FenceDeviceSettings =
  IpmiSettings | PduSettings | LibvirtSettings | AgentsSettings | SbdSettings | SshSettings | NullSettings;

/** sbd(8), `-4`: a message has been obeyed, or the watchdog has reset the node, when twice its time is over. */
export const messageWait = ({ watchdogTimeout }: Pick<SbdSettings, 'watchdogTimeout'>): Milliseconds =>
  milliseconds(2 * watchdogTimeout);

/** Switches one node's power from outside its operating system. */
export type FenceDevice = FenceDeviceSettings & {
  readonly name: string;
  readonly node: NodeName;
  /** Levels are tried in order; all devices of one have to succeed. From 1; absent: 1. */
  readonly level?: number;
  /** How long one call may take; absent: 20 seconds. */
  readonly timeout?: Milliseconds;
  /**
   * It is dark when its node has no power. That it does not answer then proves nothing, as of any device; but a level that
   * needs it cannot confirm that the node has lost its power. Absent: it has power of its own.
   */
  readonly sharesPower?: true;
};

/** Whether it can give a node its power back: to clear a message on a disk wakes nobody. */
export const canSwitchOn = ({ kind }: FenceDevice): boolean => !['sbd', 'ssh', 'null'].includes(kind);

/** What it says proves nothing, however often it was seen to be true. */
export const isForTests = ({ kind }: Pick<FenceDevice, 'kind'>): boolean => kind === 'ssh' || kind === 'null';
