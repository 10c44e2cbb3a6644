export { readCrm } from './read.ts';
export { writeCrm } from './write.ts';
