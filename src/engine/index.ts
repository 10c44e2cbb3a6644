export * from './config/index.ts';
export * from './controller/index.ts';
export { proposeHostMap } from './fencing/host-map.ts';
export type { ReplaceRequest } from './replacement/requests.ts';
export type { WitnessAnswer, WitnessRequest } from './quorum/requests.ts';
