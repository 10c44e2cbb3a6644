import type { Blueprint, ClusterConfig, ClusterStatus, Milliseconds } from '../../model/index.ts';

/** All that a schedule depends on; nothing else is looked at. */
export interface ScheduleInput {
  readonly blueprint: Blueprint;
  readonly status: ClusterStatus;
  readonly config: Pick<ClusterConfig, 'nodes' | 'properties'>;
  readonly now: Milliseconds;
}
