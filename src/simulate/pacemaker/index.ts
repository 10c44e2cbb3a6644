export { executionLines } from './execution.ts';
export { scoreLines } from './scores.ts';
export { remarks, statusLines } from './status.ts';
export { summaryLines } from './summary.ts';
