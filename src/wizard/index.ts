export { Answers } from './answers.ts';
export { discoverTargets } from './run/discovery.ts';
export type { Api } from './run/step.ts';
export { hasLoggedIn, setUp, type SetupEnd } from './setup.ts';
export { StateFile, writePrivately } from './state.ts';
export { createTerminal } from './terminal.ts';
