import type { NodeName, PoolName, Portal } from './intent.ts';

/** A target and who is logged in at it. */
export interface TargetView {
  readonly name: string;
  /** For If-Match. */
  readonly etag?: string;
  readonly iqn: string;
  readonly pool: PoolName;
  readonly portals: readonly PortalView[];
  /** How many are reached through it. */
  readonly luns: number;
  /** The node that has it now, as that node's kernel reports it. */
  readonly servedBy: NodeName | undefined;
  /** Initiators that are logged in now. */
  readonly initiators: readonly string[];
}

export interface PortalView {
  readonly address: string;
  readonly prefix: number;
  /** `removing`: it goes as soon as no node has it any more. */
  readonly state: 'active' | 'inactive' | 'removing';
  /** TCP connections of hosts to it, as its node last saw them. */
  readonly connections: number;
}

/** The changes of targets; `engine/config/targets.ts` applies them. */
export type TargetCommand =
  | {
      readonly kind: 'portal.add';
      readonly name: string;
      readonly portal: Pick<Portal, 'address' | 'prefix'>;
    }
  | { readonly kind: 'portal.remove'; readonly name: string; readonly address: string }
  /** No node has the address any more. */
  | { readonly kind: 'portal.removed'; readonly name: string; readonly address: string };
