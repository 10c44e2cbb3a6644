import type { Story } from '../story.ts';
import { configurationStories } from './configuration.ts';
import { networkStories } from './network.ts';
import { powerStories } from './power.ts';
import { processStories } from './processes.ts';
import { serviceStories } from './service.ts';
import { wishStories } from './wishes.ts';

export const stories: readonly Story[] = [
  ...serviceStories,
  ...wishStories,
  ...configurationStories,
  ...processStories,
  ...powerStories,
  ...networkStories,
];
