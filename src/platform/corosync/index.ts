export { askVotes } from './ask-votes.ts';
export { createCorosyncHealth } from './health.ts';
export type { CorosyncHealthOptions } from './health.ts';
export type { LinkPeer } from './link-watch.ts';
export { createCorosyncTransport } from './transport.ts';
export type { CorosyncTransportOptions } from './transport.ts';
export { createWitnessHealth } from './witness-health.ts';
export type { WitnessHealthOptions } from './witness-health.ts';
