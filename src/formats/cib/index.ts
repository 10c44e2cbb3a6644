export { readCib, type ReadResult } from './read.ts';
export { writeCib, writeFragment } from './write.ts';
