import type { LunIntent } from './intent.ts';
import type { SnapshotIntent } from './snapshot.ts';

/** A part of a list that is in the order of names: what comes and goes meanwhile moves nothing else. */
export interface PageRequest {
  /** Only what comes after this name, whether it is (still) there or not. */
  readonly after?: string | undefined;
  /** So many at most; absent: all. */
  readonly limit?: number | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** The last name of it, where more comes after. */
  readonly next?: string | undefined;
}

/** All of what is named has to be so. `name` may end in `*`: all names that begin so. */
export interface LunFilter {
  readonly name?: string | undefined;
  readonly pool?: string | undefined;
  readonly target?: string | undefined;
  /** That may use it. */
  readonly host?: string | undefined;
  readonly state?: LunIntent['state'] | undefined;
  readonly servedBy?: string | undefined;
}

export interface SnapshotFilter {
  readonly name?: string | undefined;
  readonly lun?: string | undefined;
  readonly pool?: string | undefined;
  readonly state?: SnapshotIntent['state'] | undefined;
}

export interface TargetFilter {
  readonly name?: string | undefined;
  readonly pool?: string | undefined;
}

export interface PoolFilter {
  readonly name?: string | undefined;
}

export interface HostFilter {
  readonly name?: string | undefined;
  readonly initiator?: string | undefined;
  /** That it may use. */
  readonly lun?: string | undefined;
  readonly loggedIn?: boolean | undefined;
}
