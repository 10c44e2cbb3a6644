import type { Failure } from '../model/index.ts';

/** A part of this node that notices by itself what a person should know. */
export interface HealthSource {
  /**
   * `tell` is called with the failure when something is found or has changed, and with `undefined` when it is over;
   * `key` says which thing it is about. Never from within `start`.
   */
  start(tell: (key: string, failure: Failure | undefined) => void): void;
  close(): void;
}
