export { readCib, type ReadResult } from './read.ts';
export { writeCib } from './write.ts';
