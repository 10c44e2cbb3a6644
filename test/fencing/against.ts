import { describe } from 'vitest';
import { isThere, titleOf, type Peer } from './peers/installed.ts';

/** Tests against that peer; skipped, and counted as skipped, where it is not there. */
export const against = (peer: Peer, tests: () => void): void =>
  void describe.skipIf(!isThere(peer))(titleOf(peer), tests);
