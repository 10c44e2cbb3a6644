export { addScores, INFINITY, parseScore } from '../rules/values.ts';
