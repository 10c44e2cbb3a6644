import { tellStories } from './tell.ts';

tellStories(2);
