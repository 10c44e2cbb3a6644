export * from './checks.ts';
export * from './facts.ts';
export * from './look.ts';
export * from './report.ts';
