import type { PlantedBug } from '../planted-bug.ts';
import { bugsOfConfiguration } from './configuration.ts';
import { bugsOfExecution } from './execution.ts';
import { bugsOfFencing } from './fencing.ts';
import { bugsOfMembership } from './membership.ts';
import { bugsOfMirror } from './mirror.ts';
import { bugsOfPlanning } from './planning.ts';
import { bugsOfSnapshots } from './snapshots.ts';

/** All of them, in the order in which the table shows them. */
export const plantedBugs: readonly PlantedBug[] = [
  ...bugsOfFencing,
  ...bugsOfMirror,
  ...bugsOfMembership,
  ...bugsOfConfiguration,
  ...bugsOfPlanning,
  ...bugsOfExecution,
  ...bugsOfSnapshots,
];
