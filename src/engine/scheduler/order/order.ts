import type { Finding } from '../../../model/index.ts';
import { createBuilder } from '../actions/builder.ts';
import {
  planConfigurationChanges,
  planFencingAndShutdowns,
  planFromHistory,
  planResources,
} from '../actions/plan.ts';
import type { Assigned } from '../assign/assigned.ts';
import { applyAll } from './apply/apply.ts';
import { readConstraints } from './constraint/constraints.ts';
import { orderWithin } from './internal/within.ts';
import type { Ordered } from './ordered.ts';

/**
 * The fourth phase: makes every action that might be taken and works out which of them are required and possible. The
 * sequence of its parts is Pacemaker's, because what one makes the next one finds.
 */
export function order(assigned: Assigned): Ordered {
  const builder = createBuilder(assigned);
  const findings: Finding[] = [];
  planFromHistory(builder);
  readConstraints(builder, findings);
  for (const resource of assigned.scored.unpacked.resources) orderWithin(builder, resource);
  planConfigurationChanges(builder);
  planResources(builder);
  planFencingAndShutdowns(builder);
  applyAll(builder);
  return { assigned, actions: builder, builder, findings };
}
