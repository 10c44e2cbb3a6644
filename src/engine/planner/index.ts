export { checkTransition } from './check.ts';
export type { PlanInput } from './input.ts';
export { fencingOf, plan } from './plan.ts';
