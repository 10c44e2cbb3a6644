export type { Effect, EngineRequest, Input, TransportInput } from './input.ts';
export type { EngineState } from './state.ts';
export { initialState, step, type Birth, type Step } from './step.ts';
