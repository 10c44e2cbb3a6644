export { createCorosyncTransport } from './transport.ts';
export type { CorosyncTransportOptions } from './transport.ts';
