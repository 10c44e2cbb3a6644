import type { NodeName } from './intent.ts';
import type { Milliseconds } from './units.ts';

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

export type FenceDeviceSettings = IpmiSettings | PduSettings | LibvirtSettings | AgentsSettings;

/** Switches one node's power from outside its operating system. */
export type FenceDevice = FenceDeviceSettings & {
  readonly name: string;
  readonly node: NodeName;
  /** Levels are tried in order; all devices of one have to succeed. From 1; absent: 1. */
  readonly level?: number;
  /** How long one call may take; absent: 20 seconds. */
  readonly timeout?: Milliseconds;
};
