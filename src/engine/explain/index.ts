export { lunView, nodeViews, runningOn, statusView } from './views.ts';
