export { clusterDocument } from './document.ts';
export { hostView } from './hosts.ts';
export { resourceViews } from './wishes.ts';
export { lunView, nodeViews, statusView } from './views.ts';
