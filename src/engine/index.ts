export * from './config/index.ts';
export * from './controller/index.ts';
