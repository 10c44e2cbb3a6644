export { execute, type PretendedFailure } from './execute.ts';
export type { ExecutedStep, Execution } from './execution.ts';
export { inject } from './inject.ts';
export type { InjectedResult, Injection, TicketChange } from './injection.ts';
export { parseInjection, parseResult, type InjectionOption } from './parse-injection.ts';
export { documentFormats, readDocument, type DocumentFormat, type ReadDocument } from './document/read.ts';
export { writeDocument } from './document/write.ts';
export {
  freshlyStarted,
  resultingDocument,
  simulate,
  type Simulation,
  type SimulationRequest,
} from './simulation.ts';
export { explain, type Explanation } from './explain.ts';
export { explanationText } from './report/explanation-text.ts';
export { outputFormats, render, type OutputFormat, type RenderOptions } from './report/render.ts';
export * from './pacemaker/index.ts';
