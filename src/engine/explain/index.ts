export { lunView, nodeViews, statusView } from './views.ts';
