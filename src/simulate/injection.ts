/** Something that happens to a cluster from outside. */
export type Injection =
  /** `up`: joins and is well. `down`: leaves in order. `failed`: is lost. */
  | { readonly kind: 'node'; readonly node: string; readonly change: 'up' | 'down' | 'failed' }
  | { readonly kind: 'standby'; readonly node: string; readonly isStandby: boolean }
  | { readonly kind: 'result'; readonly result: InjectedResult }
  /** Its recurring monitor finds it broken, where it runs or on the node named. */
  | { readonly kind: 'resource-failure'; readonly resource: string; readonly node: string | undefined }
  | { readonly kind: 'quorum'; readonly isQuorate: boolean }
  | { readonly kind: 'ticket'; readonly ticket: string; readonly change: TicketChange }
  /** Seconds that pass. */
  | { readonly kind: 'time'; readonly seconds: number };

export type TicketChange = 'grant' | 'revoke' | 'standby' | 'activate';

/** One operation with its result, as in `drbd_monitor_10000@node1=7`. */
export interface InjectedResult {
  /** With or without the number of an anonymous clone's instance. */
  readonly resource: string;
  readonly operation: string;
  /** Milliseconds; 0: carried out once. */
  readonly interval: number;
  readonly node: string;
  /** The agent's exit code: 0 ok, 1 error, 7 not running, 8 promoted, ... */
  readonly exitCode: number;
}
