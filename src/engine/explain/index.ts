export { clusterDocument } from './document.ts';
export { hostView } from './hosts.ts';
export { hostPage, lunPage } from './lists.ts';
export { resourceViews } from './wishes.ts';
export { inWords, nodesIn, sessionsOf } from './sessions.ts';
export { lunView, nodeViews, statusView } from './views.ts';
