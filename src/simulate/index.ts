export { execute, type PretendedFailure } from './execute.ts';
export type { ExecutedStep, Execution } from './execution.ts';
export { inject } from './inject.ts';
export type { InjectedResult, Injection, TicketChange } from './injection.ts';
export { injectionOptions, parseInjection, parseResult, type InjectionOption } from './parse-injection.ts';
export * from './pacemaker/index.ts';
