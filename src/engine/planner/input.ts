import type { Blueprint, ClusterConfig, ClusterStatus } from '../../model/index.ts';

/** All that a plan depends on; nothing else is looked at, not even the time. */
export interface PlanInput {
  readonly blueprint: Blueprint;
  readonly status: ClusterStatus;
  readonly config: Pick<ClusterConfig, 'nodes' | 'properties' | 'resources'>;
}
