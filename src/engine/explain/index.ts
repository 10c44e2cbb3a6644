export { clusterDocument } from './document.ts';
export { lunView, nodeViews, statusView } from './views.ts';
