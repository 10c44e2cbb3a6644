export { clusterDocument } from './document.ts';
export { hostView } from './hosts.ts';
export { hostPage, lunPage, poolPage, targetPage } from './lists.ts';
export { poolView } from './pools.ts';
export { promised, spaceOf } from './space.ts';
export { targetView } from './targets.ts';
export { resourceViews } from './wishes.ts';
export { inWords, nodesIn, sessionsOf } from './sessions.ts';
export { lunView, nodeViews, portalsOf, statusView } from './views.ts';
