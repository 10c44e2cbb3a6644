export type { Effect, EngineRequest, Input, TransportInput } from './input.ts';
export { legacyOf } from './legacy.ts';
export type { EngineState, Legacy, Stored } from './state.ts';
export { configurationNotices } from './configuration.ts';
export { markOf } from './loss.ts';
export { readIntent } from './wire/commands.ts';
export { initialState, type Birth } from './birth.ts';
export { step, steps, type Step } from './step.ts';
