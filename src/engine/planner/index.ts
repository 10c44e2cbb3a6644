export { inShort } from './applied.ts';
export { checkTransition } from './check.ts';
export {
  asAsked,
  fatalFailure,
  isInMaintenance,
  isLasting,
  isMendedElsewhere,
  onFailOf,
  isUnmanaged,
  isUnwatched,
  policyOf,
} from './policy.ts';
export { reasonToFence } from './nodes.ts';
export { outOfService } from './service.ts';
export type { PlanInput } from './input.ts';
export { fencingOf, plan } from './plan.ts';
