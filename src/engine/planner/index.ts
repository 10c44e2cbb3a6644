export { checkTransition } from './check.ts';
export type { ScheduleInput } from './input.ts';
export { schedule } from './schedule.ts';
