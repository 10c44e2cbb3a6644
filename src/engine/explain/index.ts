export { clusterDocument } from './document.ts';
export { resourceViews } from './wishes.ts';
export { lunView, nodeViews, statusView } from './views.ts';
