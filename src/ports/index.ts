export * from './agent.ts';
export * from './gateway.ts';
export * from './health.ts';
export * from './store.ts';
export * from './transport.ts';
export * from './world.ts';
