import type { Configuration } from '../../model/index.ts';

/** A configuration while it is being read. */
export type DraftConfiguration = { [Part in keyof Configuration]: Configuration[Part][number][] };

export const emptyConfiguration = (): DraftConfiguration => ({
  properties: [],
  resourceDefaults: [],
  operationDefaults: [],
  nodes: [],
  resources: [],
  templates: [],
  constraints: [],
  tags: [],
  fencingLevels: [],
  others: [],
});
