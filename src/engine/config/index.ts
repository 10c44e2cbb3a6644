export { apply } from './apply.ts';
export { canonical } from './canonical.ts';
export { initialConfig, type ClusterSecrets } from './initial.ts';
