export { apply } from './apply.ts';
export { canonical } from './canonical.ts';
export { describeEntry, type KnownChange } from './describe.ts';
export { differences, HIDDEN, withoutSecrets } from './differences.ts';
export { devicesOf, fencingRecord, isRecorded, isUnderWay, unprovenNodes } from './fencing-record.ts';
export { initialConfig, type ClusterSecrets } from './initial.ts';
export { intentOf, restoreIntent } from './restore.ts';
export { wishInWords } from './policy.ts';
